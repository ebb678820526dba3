/** `Dockerfile`, `Dockerfile.gpu`, `Dockerfile-gpu`, `app.dockerfile`, and the same for `Containerfile`. */
const NAME = /^(?:dockerfile|containerfile)(?:[._-].+)?$|\.(?:dockerfile|containerfile)$/i;

/** Endings of files that only have to do with a Dockerfile: ignore lists, notes, templates. */
const OTHER_KIND =
  /\.(?:dockerignore|containerignore|md|rst|j2|jinja2?|tmpl|tpl|template|in|erb|orig|bak|swp|sh|ps1)$/i;

/** Endings of source and data files: `dockerfile.ts` is about Dockerfiles, and one only if its text is. */
const CODE =
  /\.(?:[cm]?[jt]sx?|py|go|rs|rb|java|kt|c|h|cc|cpp|cs|php|lua|json|ya?ml|toml|txt|html?|css|lock|snap|xml)$/i;

const FROM_LINE = /^from(?:[ \t]+--platform=\S+)?[ \t]+\S+(?:[ \t]+as[ \t]+[\w.-]+)?[ \t]*$/i;
const ARG_LINE = /^arg[ \t]+[A-Za-z_]\w*(?:=\S*)?[ \t]*$/i;

/**
 * Says whether a file is a Dockerfile: by its name, else by a text whose first instruction is FROM, or ARG with a FROM
 * after it. `from os import path` is none.
 */
export function looksLikeDockerfile(path: string, text: string): boolean {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  if (OTHER_KIND.test(name)) return false;
  if (NAME.test(name) && !CODE.test(name)) return true;
  return startsLikeDockerfile(text);
}

/** More lines of comments and arguments than this before the first FROM are not looked through. */
const LINES_LOOKED_AT = 200;

function startsLikeDockerfile(text: string): boolean {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/, LINES_LOOKED_AT);
  for (const raw of lines) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    if (FROM_LINE.test(line)) return true;
    if (!ARG_LINE.test(line)) return false;
  }
  return false;
}
