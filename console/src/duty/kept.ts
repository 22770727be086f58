/** What the phone keeps: reports until the centre has them, and the form for when there is no network. In IndexedDB, which
 *  outlives the page and the phone's restart; where there is none, in memory, and the page says so. */

import type { Picture } from "./pictures";
import { type DutyForm, type Person, type Place, type Report, withoutPlace } from "./reports";

const DATABASE = "tocsin-duty";
const REPORTS = "reports";
const OTHER = "other";
const PICTURES = "pictures";

function opened(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(DATABASE, 2);
    asked.onupgradeneeded = () => {
      const had = asked.result.objectStoreNames;
      if (!had.contains(REPORTS)) asked.result.createObjectStore(REPORTS, { keyPath: "id" });
      if (!had.contains(OTHER)) asked.result.createObjectStore(OTHER);
      if (!had.contains(PICTURES)) asked.result.createObjectStore(PICTURES, { keyPath: "id" });
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error ?? new Error("nothing is kept here"));
    asked.onblocked = () => reject(new Error("another page keeps it"));
  });
}

async function within<T>(store: string, mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await opened();
  try {
    return await new Promise<T>((resolve, reject) => {
      // Strict: it is on the disk, and not only on its way there, when this resolves.
      const transaction = database.transaction(store, mode, { durability: "strict" });
      const asked = act(transaction.objectStore(store));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onerror = () => reject(transaction.error ?? new Error("it was not kept"));
      transaction.onabort = transaction.onerror;
    });
  } finally {
    database.close();
  }
}

export const allReports = (): Promise<Report[]> => within(REPORTS, "readonly", (store) => store.getAll() as IDBRequest<Report[]>);
export const keepReport = async (report: Report): Promise<void> => void (await within(REPORTS, "readwrite", (store) => store.put(report)));
export const oneReport = (id: string): Promise<Report | undefined> => within(REPORTS, "readonly", (store) => store.get(id) as IDBRequest<Report | undefined>);
export const forgetReport = async (id: string): Promise<void> => void (await within(REPORTS, "readwrite", (store) => store.delete(id)));
export const keptForm = (): Promise<DutyForm | undefined> => within(OTHER, "readonly", (store) => store.get("form") as IDBRequest<DutyForm | undefined>);
export const keepForm = async (form: DutyForm): Promise<void> => void (await within(OTHER, "readwrite", (store) => store.put(form, "form")));
export const keptPerson = (): Promise<Person | undefined> => within(OTHER, "readonly", (store) => store.get("person") as IDBRequest<Person | undefined>);
export const keepPerson = async (person: Person | null): Promise<void> =>
  void (person === null ? await within(OTHER, "readwrite", (store) => store.delete("person")) : await within(OTHER, "readwrite", (store) => store.put(person, "person")));
/** The session that somebody left without a network: it is ended when the centre can be reached. */
export const keptLeaving = (): Promise<string | undefined> => within(OTHER, "readonly", (store) => store.get("leaving") as IDBRequest<string | undefined>);
export const keepLeaving = async (session: string | null): Promise<void> =>
  void (session === null ? await within(OTHER, "readwrite", (store) => store.delete("leaving")) : await within(OTHER, "readwrite", (store) => store.put(session, "leaving")));
export const allPictures = (): Promise<Picture[]> => within(PICTURES, "readonly", (store) => store.getAll() as IDBRequest<Picture[]>);
export const keepPicture = async (picture: Picture): Promise<void> => void (await within(PICTURES, "readwrite", (store) => store.put(picture)));
export const forgetPicture = async (id: string): Promise<void> => void (await within(PICTURES, "readwrite", (store) => store.delete(id)));

/** Nobody is signed in any more: who it was goes, and the names of places with them. What waits stays, word for word. */
export async function clearPerson(): Promise<void> {
  const database = await opened();
  try {
    await new Promise<void>((resolve, reject) => {
      const transaction = database.transaction([REPORTS, OTHER], "readwrite", { durability: "strict" });
      transaction.oncomplete = () => resolve();
      transaction.onerror = () => reject(transaction.error ?? new Error("it was not cleared"));
      transaction.onabort = transaction.onerror;
      const other = transaction.objectStore(OTHER);
      other.delete("person");
      const form = other.get("form") as IDBRequest<DutyForm | undefined>;
      form.onsuccess = () => {
        if (form.result !== undefined) other.put({ ...form.result, places: [], places_total: 0 }, "form");
      };
      const reports = transaction.objectStore(REPORTS);
      const all = reports.getAll() as IDBRequest<Report[]>;
      all.onsuccess = () => {
        for (const one of all.result) if (one.standing === "received" && one.place !== "") reports.put(withoutPlace(one));
      };
    });
  } finally {
    database.close();
  }
}

/** The same for a page that may never have been the phone page: where nothing is kept, nothing is begun. */
export async function clearPersonHere(): Promise<void> {
  try {
    forgetNamedPlace();
    if ((await indexedDB.databases()).some((one) => one.name === DATABASE)) await clearPerson();
  } catch {
    // The phone page does it when it is opened next.
  }
}

const PLACE = "tocsin.duty.place";
const PLACE_MS = 12 * 3_600_000;

export function keptPlace(): Place | null {
  try {
    const kept = JSON.parse(localStorage.getItem(PLACE) ?? "null") as { place: Place; at: number } | null;
    return kept !== null && Date.now() - kept.at < PLACE_MS ? kept.place : null;
  } catch {
    return null;
  }
}

export function keepPlace(place: Place | null): void {
  try {
    if (place === null) localStorage.removeItem(PLACE);
    else localStorage.setItem(PLACE, JSON.stringify({ place, at: Date.now() }));
  } catch {
    // It holds until the page is closed.
  }
}

/** A code that was scanned is where the phone is, whoever holds it; its name goes, and a place that was chosen too. */
export function forgetNamedPlace(): Place | null {
  const place = keptPlace();
  const left = place?.code === undefined ? null : { label: "", code: place.code };
  if (place !== null) keepPlace(left);
  return left;
}
