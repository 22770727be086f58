// The least that a page can do with the live stream: the text of a row is replaced as its incident changes. No order, no
// names, no state. What the console takes beside it is the console's own. Evaluated in a page of the centre's own origin,
// with the ids of the incidents that have a row.
(ids) => {
  const rows = new Map();
  const list = document.createElement("ul");
  document.body.replaceChildren(list);
  for (const id of ids) {
    const row = list.appendChild(document.createElement("li"));
    row.dataset.id = id;
    rows.set(id, row);
  }
  const stream = new EventSource("/api/v1/live");
  stream.addEventListener("delta", (event) => {
    for (const { incident } of JSON.parse(event.data).changes) {
      const row = incident && rows.get(incident.id);
      if (!row) continue;
      row.textContent = `${incident.number} ${incident.type} ${incident.signals}`;
      row.dataset.version = incident.version;
    }
  });
  return new Promise((resolve) => stream.addEventListener("open", () => resolve(true)));
}
