// The way to the page's server.

async function told(answer) {
  const body = await answer.json();
  if (!answer.ok) throw new Refused(body.error ?? `The page's server answered ${answer.status}.`);
  return body;
}

export class Refused extends Error {}

export async function offer() {
  return told(await fetch("/api/offer"));
}

// Returns what a person sees once it is something else than `seen`.
export async function seen(look, signal) {
  return told(await fetch(`/api/seen?${new URLSearchParams(look)}`, { signal }));
}

export async function act(what) {
  return told(await fetch("/api/act", {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(what),
  }));
}

export async function packed(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let signs = "";
  for (const one of bytes) signs += String.fromCharCode(one);
  return { name: file.name, mimetype: file.type, content: btoa(signs) };
}
