/** The phone page of staff on duty: an entry of its own, which has nothing of the queue. */

import { mount } from "svelte";
import { THEMES, kept } from "../shell/theme";
import "../styles/tokens.css";
import "../styles/base.css";
import Duty from "./Duty.svelte";

const bright = matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";
document.documentElement.dataset.theme = kept("tocsin.theme", THEMES, bright);
const target = document.getElementById("duty");
if (target === null) throw new Error("duty.html has no #duty");
mount(Duty, { target });
if (isSecureContext && "serviceWorker" in navigator) {
  void navigator.serviceWorker.register("/duty-worker.js", { scope: "/duty" }).catch(() => undefined); // works online all the same
}
