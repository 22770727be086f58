// Elements whose text does not fit, and controls that lie over each other. A list of sentences.
() => {
  const found = [];
  const isShown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const name = (element) => `${element.tagName.toLowerCase()}.${element.className} "${element.textContent.trim().slice(0, 40)}"`;
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) found.push(`the page is ${root.scrollWidth} px wide in ${root.clientWidth}`);

  for (const element of document.querySelectorAll("body *")) {
    if (!(element instanceof HTMLElement) || !isShown(element)) continue;
    if (element.clientWidth < 2 || element.clientHeight < 2) continue; // inline, or kept for screen readers
    const hasText = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim() !== "");
    if (!hasText || element.scrollWidth <= element.clientWidth + 1) continue;
    const style = getComputedStyle(element);
    if (style.textOverflow === "ellipsis" || ["auto", "scroll"].includes(style.overflowX)) continue;
    found.push(`${style.overflowX === "visible" ? "sticks out" : "cut"}: ${name(element)}`);
  }

  for (const cell of document.querySelectorAll("td, th")) {
    if (isShown(cell) && cell.clientHeight > 1 && cell.scrollHeight > cell.clientHeight + 1) found.push(`sticks out below: ${name(cell)}`);
  }

  const top = document.querySelector("dialog[open]") ?? document;
  const inView = ({ width, height, top, bottom, left, right }) =>
    width > 1 && height > 1 && bottom > 0 && top < innerHeight && right > 0 && left < innerWidth;
  /** Its middle is outside a part that scrolls, which shows other lines of itself now. */
  const isScrolledAway = (control, y) => {
    for (let part = control.parentElement; part !== null && part !== document.body; part = part.parentElement) {
      if (!["auto", "scroll", "hidden"].includes(getComputedStyle(part).overflowY)) continue;
      const { top, bottom } = part.getBoundingClientRect();
      if (y < top || y > bottom) return true;
    }
    return false;
  };
  const controls = [...top.querySelectorAll(":is(button, a[href], input, select, textarea):not([aria-hidden=true])")]
    .filter((control) => isShown(control))
    .map((control) => ({ control, box: control.getBoundingClientRect() }))
    .filter(({ box }) => inView(box));
  for (const { control, box } of controls) {
    if (isScrolledAway(control, (box.top + box.bottom) / 2)) continue;
    // What lies at its middle is itself, or something of it: else a click would go elsewhere.
    const x = Math.min(Math.max((box.left + box.right) / 2, 1), innerWidth - 1);
    const y = Math.min(Math.max((box.top + box.bottom) / 2, 1), innerHeight - 1);
    const hit = document.elementFromPoint(x, y);
    const other = hit?.closest("button, a[href], input, select, textarea, label");
    if (other && other !== control && !other.contains(control) && !control.contains(other)) {
      found.push(`over each other: ${name(other)} over ${name(control)}`);
    }
  }
  return [...new Set(found)];
}
