/** A centre that is none: answers the console's questions from memory, for whoever works on its looks. Not shipped, not
 *  tested against; the real one is `tocsin demo`. Run: node dev/fixture.mjs [--open 40] [--per-second 2] [--port 0] */

import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { open: { type: "string", default: "24" }, "per-second": { type: "string", default: "0.3" }, port: { type: "string", default: "0" } },
});
const STATIC = path.resolve(import.meta.dirname, "../../src/tocsin/web/static");
const EPOCH = 1;
const TYPES = [
  ["FIRE-SMOKE", "fire", 1, "Smoke seen, smelled or detected", false],
  ["FIRE-ALARM", "fire", 1, "Automatic fire alarm; kind of detector unknown or heat or flame", false],
  ["HOLD-UP", "robbery_holdup", 1, "Hold-up button or code", true],
  ["INT-BURGLARY", "intrusion", 2, "Break-in, detected inside", false],
  ["WELFARE-REQUEST", "welfare_check", 2, "Somebody asks for help and gives no reason", false],
  ["INT-OUTDOOR", "intrusion", 3, "Movement outside a closed site", false],
  ["FLOOD-INDOOR", "flood_weather", 3, "Water where it should not be", false],
  ["TECH-MAINS", "technical", 4, "Mains lost; runs on battery", false],
  ["TECH-BATTERY", "technical", 4, "Battery low or missing", false],
  ["TECH-UNKNOWNACCOUNT", "technical", 4, "Signals of an account that nobody entered", false],
];
const SITES = ["Boiler hall, Harbour Road", "Branch North", "Gate 4", "Depot West", "Fish market", "Primary school Quay", "Old customs house", "Ferry terminal", "Cold store 2", "Hotel Seven Bells", "Sluice house", "Museum of Nets"];
const USERS = [{ id: "user-1", name: "Ana Ferreira", roles: ["operator"] }, { id: "user-2", name: "Bo Lindqvist", roles: ["operator", "supervisor"] }];

let seq = 100;
let number = 4700;
const incidents = new Map();
const facts = new Map();
const notes = new Map();
const streams = new Set();
const micros = (ms = Date.now()) => Math.round(ms * 1000);
const at = () => `${EPOCH}-${seq}`;
const pick = (list) => list[Math.floor(Math.random() * list.length)];

function fact(incident, kind, words, actor = null, note = null) {
  const list = facts.get(incident.id) ?? [];
  list.push({ seq, at: micros(), kind, actor, cause: null, words, note });
  facts.set(incident.id, list);
}

function open(ageS = 0, kind = null) {
  const [type, hazard, priority, , silent] = kind ?? (Math.random() < 0.12 ? pick(TYPES.slice(0, 3)) : pick(TYPES.slice(3)));
  const index = Math.floor(Math.random() * SITES.length);
  const isUnknown = type === "TECH-UNKNOWNACCOUNT";
  seq++;
  const incident = {
    account: String(4700 + index), account_id: isUnknown ? null : `account-${index}`, account_name: null, claimed_at: null, claimed_by: null,
    closed_at: null, closed_by: null, code: "FA", condition: "active", confirmed: false, disposition: null, escalated: [], exercise: false, hazard,
    id: `incident-${seq}`, last_at: micros(Date.now() - ageS * 1000), look_again_at: null, look_again_due: false, number: ++number, opened_at: micros(Date.now() - ageS * 1000), origin: "signal",
    presentation: "shown", priority, reason: "by_code", signals: 1, silent, site: null, site_id: isUnknown ? null : `site-${index}`, state: "open", type,
    version: seq, zone: String(1 + (index % 4)), zone_name: null,
  };
  incidents.set(incident.id, incident);
  fact(incident, "incident.opened", `Opened by FA from account ${incident.account}.`);
  return incident;
}

function change(id, values_, words = null, actor = null, note = null) {
  seq++;
  const incident = { ...incidents.get(id), ...values_, version: seq };
  incidents.set(id, incident);
  if (words !== null) fact(incident, "incident.changed", words, actor, note);
  return incident;
}

const named = (row) => {
  const index = row.account_id === null ? null : Number(row.account_id.split("-")[1]);
  return { ...row, site: index === null ? null : SITES[index], account_name: index === null ? null : `Panel ${index + 1}`, zone_name: index === null || row.zone === null ? null : `Zone ${row.zone}, hall` };
};

function tell(rows, prev, extra = []) {
  const data = JSON.stringify({ prev, changes: [...rows.map((incident) => ({ incident })), ...extra] });
  for (const stream of streams) stream.write(`event: delta\nid: ${at()}\ndata: ${data}\n\n`);
}

const beat = () => `event: beat\ndata: ${JSON.stringify({ now: micros(), missing: [], last_signal_at: micros(), unknown: { count: 3, oldest_at: micros(Date.now() - 4_000_000) } })}\n\n`;

for (let index = 0; index < Number(values.open); index++) {
  const incident = open(Math.floor(Math.random() ** 3 * 9000));
  if (Math.random() < 0.4) change(incident.id, { claimed_by: pick(USERS).id, claimed_at: micros() }, "Claimed by {user-2}.", "user-2");
  if (Math.random() < 0.2) change(incident.id, { condition: "returned" });
  if (Math.random() < 0.2) change(incident.id, { confirmed: true, signals: 3 });
}

setInterval(() => { for (const stream of streams) stream.write(beat()); }, 2000);
const perSecond = Number(values["per-second"]);
if (perSecond > 0) setInterval(() => {
  const prev = at();
  const dice = Math.random();
  const list = [...incidents.values()].filter((row) => row.state === "open");
  if (dice < 0.3 || list.length === 0) tell([open()], prev);
  else if (dice < 0.6) { const row = pick(list); tell([change(row.id, { signals: row.signals + 1, last_at: micros() }, "Another signal joined: same site, same hazard, 40 s later.")], prev); }
  else if (dice < 0.8) tell([change(pick(list).id, { condition: "returned" }, "The panel says that it is over.")], prev);
  else if (list.length > Number(values.open)) tell([change(pick(list).id, { state: "closed", closed_at: micros(), closed_by: "user-2", disposition: "unwanted" }, "Closed by {user-2}: unwanted.")], prev);
}, 1000 / perSecond);

const send = (response, status, body, headers = {}) => {
  response.writeHead(status, { "Content-Type": status >= 400 ? "application/problem+json" : "application/json", "Cache-Control": "no-store", ...headers });
  response.end(JSON.stringify(body));
};
const problem = (response, status, code, detail, incident) => send(response, status, { type: "about:blank", title: code, status, code, detail, incident });
const order = (a, b) => a.priority - b.priority || Number(a.claimed_by !== null) - Number(b.claimed_by !== null) || a.opened_at - b.opened_at;

const server = createServer(async (request, response) => {
  const url = new URL(request.url, "http://localhost");
  const parts = url.pathname.split("/").filter(Boolean);
  let body = "";
  for await (const piece of request) body += piece;
  const json = body.startsWith("{") ? JSON.parse(body) : {};
  const api = parts.slice(0, 2).join("/") === "api/v1" ? parts.slice(2) : null;
  if (api === null) {
    const name = url.pathname === "/" ? "index.html" : url.pathname.slice(1);
    try {
      const bytes = await readFile(path.join(STATIC, path.normalize(name)));
      const type = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2" }[path.extname(name)] ?? "text/plain";
      response.writeHead(200, { "Content-Type": type, "Content-Security-Policy": "default-src 'self'; worker-src 'self' blob:; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'" });
      response.end(bytes);
    } catch {
      response.writeHead(404).end("not found");
    }
    return;
  }
  const [room, id, act] = api;
  if (room === "session") {
    return send(response, 200, { user: USERS[0], centre: "Harbour control room", version: "0.2.0", csrf: "t", expires_at: micros() + 1e13, now: micros(), is_secure: true, demo: true,
      permissions: ["incident.read", "incident.handle", "incident.texts", "live.read", "user.read", "catalogue.read", "place.read", "unknown.read", "desk.act", "site.read", "account.read", "frame.doctor", "journal.read", "status.read", "site.write", "account.write", "unknown.handle", "rejected.open"] });
  }
  if (room === "users") return send(response, 200, { items: USERS });
  if (room === "catalogue") {
    return send(response, 200, { version: "fixture", time_to_claim: { profile: "fixture", title: "fixture", is_confirmed: false, trouble: null, limits: [] }, dispositions: [["real", "Real: the hazard was there"], ["unwanted", "Unwanted: an alarm without its hazard"], ["test", "A test"], ["fault", "Faulty equipment"], ["cancelled", "Called off by who raised it"], ["duplicate", "The same as another incident"], ["not_found", "Nothing was found at the place"]].map(([code, words]) => ({ code, words })),
      reopen_reasons: [["closed_by_mistake", "Closed by mistake"], ["active_again", "Active again"], ["more_to_do", "There is more to do"]].map(([code, words]) => ({ code, words })),
      types: TYPES.map(([type, hazard, priority, meaning]) => ({ type, short: "000", hazard, priority, meaning, opened_by: "any", questions: ["Is smoke, heat or flame seen?", "Is the building being cleared?", "Where do crews enter?"], checks: ["Which detector, floor or room?", "Has a second detector or call point tripped?"], first_units: ["2 pump", "1 ladder"] })) });
  }
  if (room === "places") {
    const ids = url.searchParams.getAll("account_id");
    return send(response, 200, { config: 1, accounts: ids.map((account_id) => { const index = Number(account_id.split("-")[1]); return { account_id, account: String(4700 + index), name: `Panel ${index + 1}`, site_id: `site-${index}`, site: SITES[index], zones: { 1: "Zone 1, hall", 2: "Zone 2, office", 3: "Zone 3, cellar", 4: "Zone 4, roof" } }; }) });
  }
  if (room === "live") {
    response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
    response.write(beat());
    const held = Number((request.headers["last-event-id"] ?? at()).split("-")[1]);
    const missed = [...incidents.values()].filter((row) => row.version > held);
    if (missed.length > 0) response.write(`event: delta\nid: ${at()}\ndata: ${JSON.stringify({ prev: `${EPOCH}-${held}`, changes: missed.map((incident) => ({ incident })) })}\n\n`);
    streams.add(response);
    response.on("close", () => streams.delete(response));
    return;
  }
  if (room === "desk") return send(response, 200, { seq });
  if (room === "incidents" && id === undefined) {
    const state = url.searchParams.get("state") ?? "open";
    const rows = [...incidents.values()].filter((row) => row.state === state).sort(state === "open" ? order : (a, b) => b.version - a.version);
    const after = Number(url.searchParams.get("after") ?? 0);
    const limit = Number(url.searchParams.get("limit") ?? 500);
    return send(response, 200, { items: rows.slice(after, after + limit).map(named), live: at(), next: after + limit < rows.length ? String(after + limit) : null, total: rows.length });
  }
  const row = incidents.get(id);
  if (room !== "incidents" || row === undefined) return problem(response, 404, "http.404", "There is nothing under this address.");
  if (act === undefined) {
    const [type, hazard, priority, meaning] = TYPES.find(([one]) => one === row.type);
    return send(response, 200, { incident: named(row), live: at(), points: [], address: "Harbour Road 12\n4711 Port", directions: "Blue gate, key box left of the door", hazards: ["toxic"], hazard_details: "chlorine, pump house", on_test: null, out_of_service: null, why: "FA means a fire alarm, and FIRE-ALARM is handled first: priority 1.",
      type: { type, short: "201", hazard, priority, meaning, opened_by: "any", questions: ["Is smoke, heat or flame seen?", "Is the building being cleared?", "Where do crews enter?"], checks: ["Which detector, floor or room?", "Has a second detector or call point tripped?"], first_units: ["2 pump", "1 ladder"] },
      timeline: facts.get(id) ?? [], signals: [{ seq: row.version, id: "dc09-7", received_at: row.opened_at, device_time: null, account: row.account, account_id: row.account_id, account_name: "Panel", code: "FA", meaning: "Fire alarm", kind: "alarm", zone: "1", zone_name: "Zone 1, hall", partition: null, partition_name: null, outcome: "opened", reason: "Opened the incident: its code means this type.", incident: id, duplicates: 2, encrypted: true, disputed: false, transport: "tcp", has_text: true }] });
  }
  if (act === "texts") return send(response, 200, { signals: [{ seq: row.version, text: "SMOKE HALL 1 EAST", user: null }], notes: [...notes].map(([note, text]) => ({ note, text })) });
  await new Promise((resolve) => setTimeout(resolve, 120));
  const prev = at();
  const me = USERS[0].id;
  let done;
  if (act === "claim") {
    if (row.claimed_by !== null && row.claimed_by !== me && !json.take_over) return problem(response, 409, "incident.claimed_by_other", "Incident was not claimed: another operator has it. Nothing was changed. Talk to them, or take it over", named(row));
    done = change(id, { claimed_by: me, claimed_at: micros() }, "{user-1} claimed it.", me);
  } else if (act === "release") done = change(id, { claimed_by: null, claimed_at: null }, "{user-1} gave it back.", me);
  else if (act === "note") { notes.set(`note-${seq + 1}`, json.text); done = change(id, {}, "{user-1} wrote a note.", me, `note-${seq + 1}`); }
  else if (act === "close") done = change(id, { state: "closed", closed_at: micros(), closed_by: me, disposition: json.disposition }, `{user-1} closed it: ${json.disposition}.`, me);
  else if (act === "reopen") done = change(id, { state: "open", closed_at: null, closed_by: null, disposition: null, claimed_by: me, claimed_at: micros() }, "{user-1} reopened it.", me);
  else return problem(response, 404, "http.404", "There is nothing under this address.");
  tell([done], prev, act === "note" ? [{ personal: id }] : []);
  return send(response, 200, { incident: named(done), seq });
});
server.listen(Number(values.port), "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}/`));
