// The least that a page can do with the live stream: the text of a row is replaced as its incident changes. No order, no
// names, no state. What the console takes beside it is the console's own. Evaluated in a page of the centre's own origin.
(() => {
  const ROWS = 40;
  const rows = new Map();
  const list = document.createElement("ul");
  document.body.replaceChildren(list);
  const stream = new EventSource("/api/v1/live");
  stream.addEventListener("delta", (event) => {
    for (const { incident } of JSON.parse(event.data).changes) {
      if (incident === undefined) continue;
      let row = rows.get(incident.id);
      if (row === undefined) {
        if (rows.size === ROWS) continue;
        row = list.appendChild(document.createElement("li"));
        row.dataset.id = incident.id;
        rows.set(incident.id, row);
      }
      row.textContent = `${incident.number} ${incident.type} ${incident.signals}`;
      row.dataset.version = incident.version;
    }
  });
  return new Promise((resolve) => stream.addEventListener("open", () => resolve(true)));
})();
