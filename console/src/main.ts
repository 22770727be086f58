import { mount } from "svelte";
import App from "./App.svelte";
import { looks } from "./shell/looks.svelte";
import "./styles/fonts.css";
import "./styles/tokens.css";
import "./styles/base.css";

looks.apply();
const target = document.getElementById("app");
if (target === null) throw new Error("index.html has no #app");
mount(App, { target });
