/** Which page is shown, by the address's fragment: `#/sites/site-12?tab=accounts`. The server never sees it. */

export interface Place {
  /** First part of the path, which names the page; "" is the queue. */
  page: string;
  /** The parts after it. */
  rest: string[];
  query: URLSearchParams;
}

export function parse(hash: string): Place {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const [page = "", ...rest] = path.split("/").filter((part) => part !== "").map(decode);
  return { page, rest, query: new URLSearchParams(query) };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // typed by hand, and no encoding: taken as it stands
  }
}

class Router {
  place = $state.raw<Place>(parse(location.hash));

  constructor() {
    addEventListener("hashchange", () => {
      this.place = parse(location.hash);
    });
  }

  /** Go to a page; `replace` leaves no way back to the present one. */
  go(path: string, { replace = false } = {}): void {
    const hash = href(path);
    if (replace) {
      history.replaceState(null, "", hash);
      this.place = parse(hash);
    } else location.hash = hash;
  }
}

/** What an anchor to a page of the console holds: `href("/sites/site-12")`. */
export function href(path: string): string {
  return `#${path}`;
}

export const router = new Router();
