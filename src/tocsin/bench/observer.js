// Watches what a page draws: for each row with `data-id` and `data-version`, when that version was first on the screen.
// "On the screen" is the first task after the frame that follows the change. Evaluated by the bench before the page's own
// scripts; what it found is read with `tocsinBench.take()`.
(() => {
  if (window.tocsinBench) return;
  const monotonic = () => performance.timeOrigin + performance.now();
  // The page's own origin of time may be milliseconds off the system's clock, which the journal is written by: the largest
  // difference within some ticks of that clock is theirs.
  let skew = -Infinity;
  for (const end = performance.now() + 5; performance.now() < end; ) skew = Math.max(skew, Date.now() - monotonic());
  const now = () => monotonic() + skew;
  const channel = new MessageChannel();
  let changed = new Map();
  let isFrameAsked = false;
  let seen = [];
  let longTasks = [];
  let keys = [];
  let rowsMax = 0;
  let firstRows = null;
  let shift = 0;

  channel.port1.onmessage = () => {
    const at = now();
    if (firstRows === null && changed.size > 0) firstRows = performance.now();
    for (const [id, version] of changed) seen.push([id, version, at]);
    changed = new Map();
    isFrameAsked = false;
    rowsMax = Math.max(rowsMax, document.querySelectorAll("[data-id][data-version]").length);
  };

  const note = (element) => {
    const version = Number(element.dataset.version);
    if (element.dataset.id !== undefined && version > 0) changed.set(element.dataset.id, version);
  };

  new MutationObserver((records) => {
    for (const record of records) {
      if (record.type === "attributes") {
        note(record.target);
        continue;
      }
      for (const node of record.addedNodes) {
        if (!(node instanceof HTMLElement)) continue;
        if (node.dataset.version !== undefined) note(node);
        for (const inner of node.querySelectorAll("[data-version]")) note(inner);
      }
    }
    if (changed.size > 0 && !isFrameAsked) {
      isFrameAsked = true;
      requestAnimationFrame(() => channel.port2.postMessage(0));
    }
  }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-version"] });

  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) longTasks.push(entry.duration);
  }).observe({ type: "longtask", buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (entry.name === "keydown") keys.push(entry.duration);
  }).observe({ type: "event", durationThreshold: 16, buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) shift += entry.value;
  }).observe({ type: "layout-shift", buffered: true });

  window.tocsinBench = {
    // A moment of the page's own clock, in ms since 1970.
    toWall: (moment) => performance.timeOrigin + moment + skew,
    // What was found since it was last asked.
    take: () => {
      const found = { seen, long_tasks_ms: longTasks, keys_ms: keys, rows_max: rowsMax, first_rows_ms: firstRows, shift };
      seen = [];
      longTasks = [];
      keys = [];
      rowsMax = 0;
      return found;
    },
  };
})();
