import { own } from '../own.js';
import { hostOfUrl, isUrl } from '../programs/hosts.js';
import { codeCalls, type CodeCall, type Language } from './calls.js';

/** What a text of a language does with the network, as far as its calls tell. */
export interface CodeFetch {
  /** After the name of the program: `downloads https://…`. */
  readonly does: string;
  readonly host?: string;
  readonly usual?: readonly string[];
  /** False when the call may as well do without. */
  readonly certain: boolean;
}

interface Fetching {
  /** `url`: its first argument is fetched when it is an address. `always`: it needs a network whatever it is given. */
  readonly kind: 'url' | 'always';
  readonly does: string;
  readonly certain?: true;
  readonly usual?: readonly string[];
}

const CRAN = ['cloud.r-project.org'];
const GITHUB = ['api.github.com', 'github.com'];
const HUB = ['huggingface.co'];
const url: Fetching = { kind: 'url', does: 'downloads' };

/** Calls that fetch, by language; names as people write them, without the module where it is often left out. */
const FETCHING: Readonly<Record<Exclude<Language, 'sql'>, Readonly<Record<string, Fetching>>>> = {
  r: {
    'install.packages': { kind: 'always', does: 'installs packages', certain: true, usual: CRAN },
    'BiocManager::install': { kind: 'always', does: 'installs packages', certain: true, usual: ['bioconductor.org'] },
    ...Object.fromEntries(
      ['remotes', 'devtools', 'pak'].flatMap((from) =>
        ['install_github', 'install_url', 'install_git', 'install_cran', 'pkg_install'].map((name) => [
          `${from}::${name}`,
          { kind: 'always', does: 'installs packages', certain: true, usual: GITHUB } as const,
        ]),
      ),
    ),
    'download.file': { ...url, certain: true },
    'utils::download.file': { ...url, certain: true },
    'read.csv': url,
    read_csv: url,
    'readr::read_csv': url,
    'httr::GET': url,
    GET: url,
    url,
  },
  python: {
    ...Object.fromEntries(
      ['requests', 'httpx', 's', 'session'].flatMap((from) =>
        ['get', 'post', 'put', 'head', 'patch', 'delete'].map((name) => [`${from}.${name}`, url]),
      ),
    ),
    'urllib.request.urlopen': url,
    'urllib.request.urlretrieve': url,
    'request.urlopen': url,
    'request.urlretrieve': url,
    urlopen: url,
    urlretrieve: url,
    'wget.download': url,
    'pd.read_csv': url,
    'pandas.read_csv': url,
    'pd.read_parquet': url,
    'torch.hub.download_url_to_file': url,
    'torch.hub.load': { kind: 'always', does: 'loads a model', usual: GITHUB },
    'nltk.download': { kind: 'always', does: 'downloads data', usual: ['raw.githubusercontent.com'] },
    snapshot_download: { kind: 'always', does: 'downloads a repository', usual: HUB },
    hf_hub_download: { kind: 'always', does: 'downloads a file', usual: HUB },
    load_dataset: { kind: 'always', does: 'loads a data set', usual: HUB },
    'gdown.download': { kind: 'always', does: 'downloads a file', usual: ['drive.google.com'] },
  },
  javascript: { fetch: url, 'axios.get': url, 'axios.post': url, 'https.get': url, 'http.get': url, got: url },
  julia: {
    'Pkg.add': { kind: 'always', does: 'installs packages', certain: true, usual: ['pkg.julialang.org'] },
    'Pkg.instantiate': { kind: 'always', does: 'installs packages', usual: ['pkg.julialang.org'] },
    'Pkg.update': { kind: 'always', does: 'updates packages', certain: true, usual: ['pkg.julialang.org'] },
    download: url,
    'Downloads.download': url,
  },
};

/** Reads off a text which of its calls fetch something. */
export function codeFetches(text: string, language: Exclude<Language, 'sql'>): CodeFetch[] {
  const known = FETCHING[language];
  // `repos = "https://…"` names the host of packages.
  const repos = language === 'r' ? /\brepos\s*=\s*["'](https?:\/\/[^"']+)["']/.exec(text)?.[1] : undefined;
  return codeCalls(text, language).flatMap((call) => {
    const fetching = own(known, call.name);
    return fetching === undefined ? [] : fetchOf(call, fetching, repos);
  });
}

function fetchOf(call: CodeCall, { kind, does, certain, usual }: Fetching, repos: string | undefined): CodeFetch[] {
  if (kind === 'url') {
    if (call.text === undefined || !isUrl(call.text)) return [];
    return [{ does: `${does} ${call.text}`, certain: certain === true, ...hostField(call.text) }];
  }
  const host = repos === undefined ? {} : hostField(repos);
  return [{ does, certain: certain === true, ...host, ...(usual === undefined ? {} : { usual }) }];
}

function hostField(address: string): { readonly host?: string } {
  const host = hostOfUrl(address);
  return host === undefined ? {} : { host };
}
