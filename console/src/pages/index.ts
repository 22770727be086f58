/** The pages of the console. A page is one line here, a component in this folder that is loaded when it is first opened,
 *  and a title in the texts. Its component gets `rest`, the parts of the address after the page's own. */

import type { Component } from "svelte";
import type { Texts } from "../texts";

export interface PageProps {
  rest: string[];
  query: URLSearchParams;
}

export interface Page {
  /** First part of the address: `#/sites`. */
  path: string;
  title: keyof Texts["pages"];
  /** Permission without which the page is not offered, or several of which one is enough; the server checks it again. */
  permission: string | readonly string[];
  /** The key after `g` that goes there. */
  key: string | null;
  /** Where the tabs do not fit into one line, its tab stands behind "More": whoever handles alarms seldom goes there. */
  isRare?: boolean;
  /** It has no tab: another way leads there. */
  isApart?: boolean;
  load: () => Promise<{ default: Component<PageProps> | Component<Record<string, never>> }>;
}

export const PAGES: readonly Page[] = [
  { path: "", title: "queue", permission: "incident.read", key: "q", load: () => import("./Queue.svelte") },
  { path: "flood", title: "flood", permission: "incident.read", key: "f", load: () => import("./Flood.svelte") },
  { path: "sites", title: "sites", permission: "site.read", key: "l", load: () => import("./Sites.svelte") },
  { path: "supervision", title: "supervision", permission: "supervision.read", key: "s", load: () => import("./Supervision.svelte") },
  { path: "sources", title: "sources", permission: "source.read", key: "y", load: () => import("./Sources.svelte") },
  { path: "accounts", title: "accounts", permission: "account.read", key: "a", isRare: true, load: () => import("./Accounts.svelte") },
  { path: "import", title: "import", permission: "site.read", key: "i", isRare: true, load: () => import("./Import.svelte") },
  { path: "unknown", title: "unknown", permission: "unknown.read", key: "k", load: () => import("./Unknown.svelte") },
  { path: "on-test", title: "onTest", permission: "on_test.read", key: "t", load: () => import("./OnTest.svelte") },
  { path: "shifts", title: "shifts", permission: "shift.read", key: "w", load: () => import("./Shifts.svelte") },
  { path: "watch", title: "watch", permission: "watch.read", key: "b", load: () => import("./WatchLog.svelte") },
  { path: "rosters", title: "rosters", permission: "roster.read", key: "r", isRare: true, load: () => import("./Rosters.svelte") },
  { path: "reports", title: "reports", permission: "figure.read", key: "v", load: () => import("./Reports.svelte") },
  { path: "frame", title: "frame", permission: "frame.doctor", key: "x", isRare: true, load: () => import("./Frame.svelte") },
  { path: "journal", title: "journal", permission: "journal.read", key: "j", load: () => import("./Journal.svelte") },
  { path: "notices", title: "notices", permission: "notice.read", key: "n", load: () => import("./Notices.svelte") },
  { path: "escalation", title: "chains", permission: "chain.read", key: "e", isRare: true, load: () => import("./Escalation.svelte") },
  { path: "action-plans", title: "actionPlans", permission: "action_plan.read", key: "o", isRare: true, load: () => import("./ActionPlans.svelte") },
  { path: "rules", title: "rules", permission: "rule.read", key: "u", isRare: true, load: () => import("./Rules.svelte") },
  { path: "data", title: "data", permission: ["retention.read", "journal.export", "subject.request"], key: "d", isRare: true, load: () => import("./Data.svelte") },
  { path: "people", title: "people", permission: ["user.write", "token.write", "session.end"], key: "p", isRare: true, load: () => import("./People.svelte") },
  { path: "own", title: "ownIncidents", permission: "own.incidents", key: null, load: () => import("./OwnIncidents.svelte") },
  { path: "own-accounts", title: "ownAccounts", permission: "own.accounts", key: null, load: () => import("./OwnAccounts.svelte") },
  { path: "own-tests", title: "ownTests", permission: "own.tests", key: null, load: () => import("./OwnTests.svelte") },
  { path: "holidays", title: "holidays", permission: "account.read", key: null, isApart: true, load: () => import("./Holidays.svelte") },
  { path: "places", title: "places", permission: "site.read", key: null, isApart: true, load: () => import("./Places.svelte") },
  { path: "me", title: "me", permission: "self.manage", key: "m", isApart: true, load: () => import("./Me.svelte") },
];

export function pageOf(path: string): Page | undefined {
  const shown = path === "incidents" || path === "calls" ? "" : path; // an incident or a call is open beside the queue
  return PAGES.find((page) => page.path === shown);
}
