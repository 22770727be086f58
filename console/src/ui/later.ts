/** Call once nobody has called for so long: for questions while somebody types. */
export function later(wait_ms: number, act: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(act, wait_ms);
  };
}
