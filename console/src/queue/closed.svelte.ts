/** The closed incidents, as the server gives them: the one that was changed last comes first. Not live: loaded anew when
 *  they are looked at, and when one is closed or reopened here meanwhile. */

import { ApiProblem, get, NotReached, SignedOut } from "../api/client";
import type { IncidentPage } from "../api/types";
import { learn, type Names } from "../state/names";
import type { Incident } from "../state/reducer";

const LIMIT = 200;

class Closed {
  rows = $state.raw<readonly Incident[] | null>(null);
  names = $state.raw<Names>(new Map());
  next = $state.raw<string | null>(null);
  isLoading = $state(false);
  trouble = $state<string | null>(null);

  /** Load the first page, or the one after what is there. */
  async load({ isMore = false } = {}): Promise<void> {
    if (this.isLoading) return;
    this.isLoading = true;
    try {
      const page = await get<IncidentPage>("/incidents", { state: "closed", limit: LIMIT, after: isMore ? this.next : null });
      const before = isMore ? (this.rows ?? []) : [];
      const known = new Set(before.map((row) => row.id));
      this.rows = [...before, ...page.items.filter((row) => !known.has(row.id))];
      this.names = learn(isMore ? this.names : new Map(), page.items);
      this.next = page.next;
      this.trouble = null;
    } catch (error) {
      if (error instanceof SignedOut) return;
      if (!(error instanceof ApiProblem || error instanceof NotReached)) throw error;
      this.trouble = error.message;
    } finally {
      this.isLoading = false;
    }
  }
}

export const closed = new Closed();
