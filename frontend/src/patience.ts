/** Waiting that can be cut short, and asking the server without waiting for ever. */

/** A pause before trying again. */
export interface Pause {
  over: Promise<void>;
  hurry: () => void;
}

/** Waits a while, or less when somebody hurries; a little chance keeps many pages from coming at once. */
export function pause(milliseconds: number): Pause {
  let hurry = () => {};
  const over = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, milliseconds * (1 + Math.random() / 4));
    hurry = () => {
      clearTimeout(timer);
      resolve();
    };
  });
  return { over, hurry: () => hurry() };
}

/** Asks the server for something that may not come from a cache; fails when it takes too long. */
export async function answers(url: string, milliseconds: number): Promise<Response> {
  const control = new AbortController();
  const timer = setTimeout(() => control.abort(), milliseconds);
  try {
    return await fetch(url, { cache: "no-store", signal: control.signal });
  } finally {
    clearTimeout(timer);
  }
}
