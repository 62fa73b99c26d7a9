// What this browser keeps of forms that are not saved: words in local storage, files in IndexedDB, under one
// key each.
const PREFIX = "pressroom:";
const WEEK = 7 * 24 * 3600 * 1000; // milliseconds

// Of the account that is signed in, by its key: two people may have one name, and one browser.
export function ownPrefix() {
  const account = document.querySelector("meta[name=account]")?.content || "";
  return `${PREFIX}account-${account} `;
}

// The keys of what is kept for the account that is signed in.
export const ownKeys = () => Object.keys(localStorage).filter((key) => key.startsWith(ownPrefix()));

function withFiles(mode, use) {
  return new Promise((resolve) => {
    const opening = indexedDB.open("pressroom", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("files");
    opening.onerror = () => resolve(undefined);
    opening.onsuccess = () => {
      const change = opening.result.transaction("files", mode);
      const asked = use(change.objectStore("files"));
      const end = (answer) => {
        opening.result.close();
        resolve(answer);
      };
      change.oncomplete = () => end(asked.result);
      change.onerror = change.onabort = () => end(undefined);
    };
  });
}

export const storedFiles = (key) => withFiles("readonly", (store) => store.get(key));
export const storeFiles = (key, chosen) => withFiles("readwrite", (store) => store.put(chosen, key));

// {at: milliseconds, values: [[name, value]]}, or nothing.
export const stored = (key) => localStorage[key] && JSON.parse(localStorage[key]);

export function store(key, values) {
  try {
    localStorage.setItem(key, JSON.stringify({ at: Date.now(), values }));
  } catch {
    /* a full store keeps what it has */
  }
}

export function forget(key) {
  localStorage.removeItem(key);
  return withFiles("readwrite", (files) => files.delete(key));
}

// Forget what is older than a week, and `saved`.
export async function forgetSaved(saved) {
  for (const key of Object.keys(localStorage).filter((each) => each.startsWith(PREFIX))) {
    if (key === saved || Date.now() - stored(key).at > WEEK) await forget(key);
  }
}
