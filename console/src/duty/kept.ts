/** What the phone keeps: reports until the centre has them, and the form for when there is no network. In IndexedDB, which
 *  outlives the page and the phone's restart; where there is none, in memory, and the page says so. */

import type { Picture } from "./pictures";
import type { DutyForm, Report } from "./reports";

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
export const forgetReport = async (id: string): Promise<void> => void (await within(REPORTS, "readwrite", (store) => store.delete(id)));
export const keptForm = (): Promise<DutyForm | undefined> => within(OTHER, "readonly", (store) => store.get("form") as IDBRequest<DutyForm | undefined>);
export const keepForm = async (form: DutyForm): Promise<void> => void (await within(OTHER, "readwrite", (store) => store.put(form, "form")));
export const allPictures = (): Promise<Picture[]> => within(PICTURES, "readonly", (store) => store.getAll() as IDBRequest<Picture[]>);
export const keepPicture = async (picture: Picture): Promise<void> => void (await within(PICTURES, "readwrite", (store) => store.put(picture)));
export const forgetPicture = async (id: string): Promise<void> => void (await within(PICTURES, "readwrite", (store) => store.delete(id)));
