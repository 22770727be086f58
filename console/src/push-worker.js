// Rings for a notice while no page of the centre is open. It knows what the notice says: number, priority and a link.
self.addEventListener("push", (event) => {
  let said;
  try {
    said = event.data.json();
  } catch {
    said = { title: "Notice", url: "/" };
  }
  const late = typeof said.expires_at === "number" && Date.now() > said.expires_at;
  const words = { body: late ? "Late. Open to read" : "Open to read", tag: String(said.id ?? ""), requireInteraction: true, data: { url: String(said.url ?? "/") } };
  event.waitUntil(self.registration.showNotification(String(said.title ?? "Notice"), words));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const url = new URL(event.notification.data.url, self.location.origin);
  // The end of the link is that of the callback: it was opened by a person.
  const end = url.pathname.split("/").pop();
  const seen = fetch(`/api/v1/notices/callback/${end}`, {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ state: "seen" }), credentials: "omit",
  }).catch(() => undefined);
  event.waitUntil(Promise.all([seen, self.clients.openWindow(url.pathname)]));
});
