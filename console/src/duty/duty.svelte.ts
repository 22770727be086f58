/** The reports of this phone: kept before anything is sent, sent until the centre has each, and never twice at once. */

import { ApiProblem, ask, get, newKey, NotReached, onProofWanted, post, remove, SignedOut, useCsrf } from "../api/client";
import type { components } from "../api/schema";
import type { SessionAnswer } from "../api/types";
import { showThisPhone } from "../device";
import {
  allPictures, allReports, clearPerson, forgetNamedPlace, forgetPicture, forgetReport, keepForm, keepLeaving, keepPerson, keepPicture, keepPlace, keepReport,
  keptForm, keptLeaving, keptPerson, keptPlace, oneReport,
} from "./kept";
import type { Box, Picture } from "./pictures";
import {
  again, type Body, type DutyForm, isOver, isOwn, mayPass, nextToSend, open, type Person, placeOfCode, type Place, received, type Receipt, refused, renewed, type Report, strays,
  takenOver, withoutPlace,
} from "./reports";

/** After a failure it is tried again, soon at first, then less and less often. */
const AGAIN_MS = 1_500;
const AGAIN_MAX_MS = 30_000;
/** A picture takes a while on a weak line. */
const PICTURE_S = 120;
const NEWS_MS = 5_000;
const LOCK = "tocsin-duty-send";
/** Refusals that say who is signed in, and nothing of the report: another window of this phone changed that. */
const OTHERS: ReadonlySet<string> = new Set(["access.csrf", "duty.report.other"]);

type CheckInAnswer = components["schemas"]["CheckInAnswer"];
type Coded = { site_id: string; name: string | null; part: string | null };

class Duty {
  form = $state.raw<DutyForm | null>(null);
  reports = $state.raw<Report[]>([]);
  /** Pictures that the centre does not have yet. */
  pictures = $state.raw<Picture[]>([]);
  /** How the way to the centre is: nobody was asked yet, it answers, it does not, or nobody is signed in. */
  link = $state<"asking" | "there" | "gone" | "signed_out" | "not_allowed">("asking");
  /** Who is signed in, or was when the centre was last reached; what is typed is theirs. */
  who = $state.raw<Person | null>(null);
  /** False: this browser keeps nothing, so what waits is lost with the page. */
  isKept = $state(true);
  place = $state.raw<Place | null>(keptPlace());
  /** The code that was scanned is none of this centre's. */
  isCodeWrong = $state(false);
  /** What the centre holds of the own check-in; null: nobody was asked yet. */
  watched = $state.raw<CheckInAnswer | null>(null);
  /** The centre's clock less the phone's, which may be wrong. In ms. */
  ahead = $state(0);
  #isSending = false;
  /** The session that somebody left without a network. */
  #leaving: string | null = null;
  #again_ms = AGAIN_MS;

  /** Of whoever is signed in; of everybody, where nobody is. */
  get waiting(): number {
    const { who } = this;
    const counted = this.reports.filter((one) => who === null || isOwn(one, who));
    const ids = new Set(counted.map((one) => one.id));
    return counted.filter((one) => one.standing === "waiting").length + this.pictures.filter((one) => ids.has(one.report)).length;
  }

  /** What whoever is signed in typed or took over. */
  get own(): Report[] {
    return this.reports.filter((one) => isOwn(one, this.who));
  }

  /** What somebody else typed here, and the centre does not have. */
  get strays(): Report[] {
    return strays(this.reports, this.who);
  }

  async start(): Promise<() => void> {
    try {
      this.reports = await allReports();
      this.pictures = await allPictures();
      this.form = (await keptForm()) ?? null;
      this.who = (await keptPerson()) ?? null;
      this.#leaving = (await keptLeaving()) ?? null;
      for (const one of this.reports.filter((report) => isOver(report, Date.now()))) await this.forget(one.id);
    } catch {
      this.isKept = false;
    }
    onProofWanted(showThisPhone);
    const wake = (): void => {
      if (document.visibilityState !== "visible") return;
      this.#again_ms = AGAIN_MS;
      void this.look();
    };
    const gone = (): void => {
      if (this.link === "there") this.link = "gone";
    };
    addEventListener("online", wake);
    addEventListener("offline", gone);
    document.addEventListener("visibilitychange", wake);
    let again: ReturnType<typeof setTimeout>;
    const later = (): void => {
      again = setTimeout(() => {
        const isWanted = document.visibilityState === "visible" && (this.waiting > 0 || this.link !== "there");
        this.#again_ms = isWanted ? Math.min(AGAIN_MAX_MS, this.#again_ms * 2) : AGAIN_MS;
        void (isWanted ? this.look() : Promise.resolve()).then(later);
      }, this.#again_ms);
    };
    later();
    const news = setInterval(() => {
      if (document.visibilityState !== "visible" || this.link !== "there") return;
      void this.askNews();
      if (this.watched?.check_in != null) void this.askCheckIn();
    }, NEWS_MS);
    void this.look();
    return () => {
      removeEventListener("online", wake);
      removeEventListener("offline", gone);
      document.removeEventListener("visibilitychange", wake);
      clearTimeout(again);
      clearInterval(news);
    };
  }

  /** Who is here, what the form is made of; then send what waits. */
  async look(): Promise<void> {
    try {
      const session = await get<SessionAnswer>("/session");
      useCsrf(session.csrf);
      if (this.#leaving !== null) {
        const isStill = session.id === this.#leaving;
        if (isStill) await remove("/session");
        this.#leaving = null;
        await keepLeaving(null).catch(() => (this.isKept = false));
        if (isStill) throw new SignedOut();
      }
      this.#came({ id: session.user.id, name: session.user.name, session: session.id });
      if (!session.permissions.includes("own.report")) {
        this.link = "not_allowed";
        return;
      }
      this.link = "there";
      const form = await get<DutyForm>("/duty");
      this.form = form;
      await keepForm(form).catch(() => (this.isKept = false));
      await this.send();
      await this.askNews();
      await this.askCheckIn();
    } catch (error) {
      this.#failed(error);
    }
  }

  /** Whoever is signed in goes: at once here, and at the centre as soon as it can be reached. What waits stays. */
  async leave(): Promise<void> {
    this.#leaving = this.who?.session ?? null;
    await keepLeaving(this.#leaving).catch(() => (this.isKept = false));
    this.#went();
    this.link = "asking";
    await this.look();
  }

  #came(person: Person): void {
    if (this.who !== null && this.who.id !== person.id) this.#went();
    this.who = person;
    void keepPerson(person).catch(() => (this.isKept = false));
  }

  /** Nobody is signed in: no name is left on the screen or on the phone, and what waits is nobody's to send. */
  #went(): void {
    this.who = null;
    this.watched = null;
    this.place = forgetNamedPlace();
    this.reports = this.reports.map(withoutPlace);
    if (this.form !== null) this.form = { ...this.form, places: [], places_total: 0 };
    void clearPerson().catch(() => (this.isKept = false));
  }

  /** Keep a report, and send it. Resolves once it is kept: it survives the page from then on. */
  async add(made: Omit<Report, "id" | "standing" | "receipt" | "problem" | "typedAt" | "holdUntil" | "body"> & { body: Omit<Body, "sent_at" | "typed_at"> }, holdUntil = 0): Promise<string> {
    const typedAt = Date.now();
    const report: Report = {
      ...made, id: newKey(), typedAt, holdUntil, standing: "waiting", receipt: null, problem: null, owner: this.who?.id ?? null,
      body: { ...made.body, typed_at: typedAt * 1000 },
    };
    await this.#keep(report);
    this.#again_ms = AGAIN_MS;
    void this.send();
    return report.id;
  }

  /** Keep a picture for a report, and send it once the report is there. */
  async addPicture(report: string, blob: Blob, box: Box): Promise<void> {
    const picture: Picture = { id: newKey(), report, box, blob };
    this.pictures = [...this.pictures, picture];
    await keepPicture(picture).catch(() => (this.isKept = false));
    void this.send();
  }

  /** The position came for one that waits for it, or will not come. */
  async located(id: string, position: GeolocationPosition | null): Promise<void> {
    const found = this.reports.find((one) => one.id === id);
    if (found?.standing !== "waiting" || found.body === null) return;
    await this.#keep({ ...found, holdUntil: 0, body: { ...found.body, ...(position === null ? {} : fix(position)) } });
    void this.send();
  }

  async retry(report: Report): Promise<void> {
    await this.#keep(again(report));
    void this.look();
  }

  /** Send what nobody or somebody else typed: as one's own words, or for whoever wrote it. */
  async takeOver(report: Report, isOwnWords: boolean): Promise<void> {
    if (this.who === null) return;
    await this.#keep(takenOver(report, this.who, isOwnWords));
    this.#again_ms = AGAIN_MS;
    void this.look();
  }

  async forget(id: string): Promise<void> {
    this.reports = this.reports.filter((one) => one.id !== id);
    for (const one of this.pictures.filter((picture) => picture.report === id)) await this.#dropPicture(one);
    await forgetReport(id).catch(() => (this.isKept = false));
  }

  /** Send what waits, the oldest first, one at a time; of several pages of one phone one sends. */
  async send(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    try {
      const all = async (): Promise<void> => {
        await this.#sendAll();
        await this.#sendPictures();
      };
      if (navigator.locks === undefined) await all();
      else await navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => (lock === null ? undefined : all()));
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#isSending = false;
    }
  }

  async askNews(): Promise<void> {
    const ids = open(this.reports, this.who);
    if (ids.length === 0) return;
    try {
      const answer = await get<{ items: Receipt[] }>("/duty/receipts", { report: ids });
      const before = new Map(this.reports.map((one) => [one.id, JSON.stringify(one.receipt)]));
      const after = renewed(this.reports, answer.items);
      this.reports = after;
      for (const one of after) if (before.get(one.id) !== JSON.stringify(one.receipt)) await keepReport(one).catch(() => (this.isKept = false));
    } catch (error) {
      this.#failed(error);
    }
  }

  async askCheckIn(): Promise<void> {
    try {
      this.takeCheckIn(await get<CheckInAnswer>("/duty/check-in"));
    } catch (error) {
      this.#failed(error);
    }
  }

  takeCheckIn(told: CheckInAnswer): void {
    if (told.check_in?.is_reminded === true && this.watched?.check_in?.is_reminded !== true) navigator.vibrate?.([300, 200, 300]);
    this.watched = told;
    this.ahead = told.now / 1000 - Date.now();
  }

  /** Somebody is at a code: it is the place of what they report from now on. */
  async scanned(code: string): Promise<void> {
    this.isCodeWrong = false;
    const known = placeOfCode(code, this.form?.places ?? []);
    if (known === null) {
      this.isCodeWrong = true;
      return;
    }
    this.choose(known);
    try {
      const told = await get<Coded>(`/duty/places/${code}`);
      this.choose({ ...known, label: [told.name, told.part].filter(Boolean).join(", ") });
    } catch (error) {
      if (error instanceof ApiProblem && error.code === "duty.code.unknown") {
        this.isCodeWrong = true;
        this.choose(null);
      }
    }
  }

  choose(place: Place | null): void {
    this.place = place;
    keepPlace(place);
  }

  async #sendAll(): Promise<void> {
    for (;;) {
      const { who } = this;
      const next = nextToSend(this.reports, Date.now(), who);
      if (next?.body == null || who === null) return;
      // Another window of this phone may have sent it, or somebody took it over there.
      const kept = await oneReport(next.id).catch(() => undefined);
      if (kept !== undefined && (kept.standing !== "waiting" || kept.owner !== next.owner)) {
        this.reports = this.reports.map((one) => (one.id === kept.id ? kept : one));
        continue;
      }
      let receipt: Receipt;
      try {
        receipt = await post<Receipt>("/duty/reports", { ...next.body, sent_at: Date.now() * 1000, written_by: who.id, is_handed_over: next.isHandedOver === true }, { idempotencyKey: next.id });
      } catch (error) {
        if (!(error instanceof ApiProblem) || mayPass(error.status) || OTHERS.has(error.code)) throw error;
        await this.#keep(refused(next, [error.message, ...error.problems].join(" ")));
        continue;
      }
      this.link = "there";
      const done = received(next, receipt);
      if (done === null) await this.forget(next.id);
      else await this.#keep(done);
    }
  }

  /** Pictures of own reports that the centre has: one at a time, behind every report that waits. */
  async #sendPictures(): Promise<void> {
    for (const one of this.pictures) {
      const report = this.reports.find((found) => found.id === one.report);
      if (report === undefined || report.standing === "waiting" || !isOwn(report, this.who)) continue;
      let left: number | null = null;
      let problem: string | null = null;
      try {
        const answer = await ask<{ left: number }>("POST", `/duty/reports/${one.report}/stills`, { body: one.blob, query: { ...one.box }, idempotencyKey: one.id, timeoutS: PICTURE_S });
        left = answer.left;
      } catch (error) {
        if (!(error instanceof ApiProblem) || (mayPass(error.status) && error.status !== 404)) throw error;
        problem = error.message;
      }
      await this.#dropPicture(one);
      const now = this.reports.find((found) => found.id === one.report);
      if (now === undefined) continue;
      const had = typeof now.pictures === "number" ? now.pictures : 0;
      await this.#keep({ ...now, pictures: left === null ? (now.pictures ?? 0) : left === 0 ? "full" : had + 1, pictureProblem: problem });
    }
  }

  async #dropPicture(picture: Picture): Promise<void> {
    this.pictures = this.pictures.filter((one) => one.id !== picture.id);
    await forgetPicture(picture.id).catch(() => (this.isKept = false));
  }

  async #keep(report: Report): Promise<void> {
    this.reports = [report, ...this.reports.filter((one) => one.id !== report.id)].sort((a, b) => b.typedAt - a.typedAt);
    await keepReport(report).catch(() => (this.isKept = false));
  }

  #failed(error: unknown): void {
    if (error instanceof SignedOut) {
      this.link = "signed_out";
      this.#went();
    } else if (error instanceof ApiProblem && OTHERS.has(error.code)) this.link = "gone"; // asked anew who it is
    else if (error instanceof ApiProblem && error.status === 403) this.link = "not_allowed";
    else if (error instanceof NotReached || error instanceof ApiProblem) this.link = "gone";
    else throw error;
  }
}

/** What a report says of one look at the position: where, and how exact. Nothing is asked for again. */
export function fix(position: GeolocationPosition): Pick<Body, "latitude" | "longitude" | "accuracy_m"> {
  const { latitude, longitude, accuracy } = position.coords;
  return { latitude, longitude, accuracy_m: Math.min(100_000, Math.max(0, Math.round(accuracy))) };
}

/** Ask the phone where it is, once. */
export function locate(timeoutMs: number): Promise<GeolocationPosition | null> {
  return new Promise((resolve) => {
    if (!("geolocation" in navigator)) return resolve(null);
    navigator.geolocation.getCurrentPosition(resolve, () => resolve(null), { enableHighAccuracy: true, timeout: timeoutMs, maximumAge: 0 });
  });
}

export const duty = new Duty();
