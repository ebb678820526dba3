import type { Language } from './tokens.js';

/**
 * What a call does:
 *
 * - `fetches`: it asks for the address that it is given
 * - `opens`: it reads what it is given, an address or a file
 * - `reads`, `writes`: a file
 * - `asks`: it goes to a network whatever it is given
 */
export interface Meaning {
  readonly does: 'fetches' | 'opens' | 'reads' | 'writes' | 'asks';
  /** For people, after the name of the program: `installs packages`. */
  readonly what?: string;
  /** Hosts that it asks unless told otherwise. */
  readonly usual?: readonly string[];
  /** That it goes to a network is no guess. */
  readonly certain?: true;
}

const asks = (what: string, ...usual: readonly string[]): Meaning => ({ does: 'asks', what, usual });
const installs = (...usual: readonly string[]): Meaning => ({
  ...asks('installs packages', ...usual),
  certain: true,
});

/** By the names of calls, without modules where they are often left out; several are separated by blanks. */
const CALLS: Readonly<Record<Language, Readonly<Record<string, Meaning>>>> = {
  python: {
    'get post put head patch delete request stream urlopen urlretrieve download download_url_to_file': {
      does: 'fetches',
    },
    'read_csv read_json read_parquet read_excel read_table read_html read_feather loadtxt genfromtxt imread': {
      does: 'opens',
    },
    'open load listdir scandir': { does: 'reads' },
    'to_csv to_parquet to_json to_excel to_pickle savefig save savez savetxt imwrite': { does: 'writes' },
    'hub.load': asks('loads a model', 'api.github.com', 'github.com'),
    'nltk.download': asks('downloads data', 'raw.githubusercontent.com'),
    'gdown.download': asks('downloads a file', 'drive.google.com'),
    snapshot_download: asks('downloads a repository', 'huggingface.co'),
    hf_hub_download: asks('downloads a file', 'huggingface.co'),
    load_dataset: asks('loads a data set', 'huggingface.co'),
  },
  r: {
    'download.file': { does: 'fetches', certain: true },
    'GET POST url curl_download curl_fetch_memory': { does: 'fetches' },
    'read.csv read.table read_csv read_json read_parquet read_excel read_table read_html read_feather read_delim read_tsv fread fromJSON source readLines':
      { does: 'opens' },
    'readRDS load list.files': { does: 'reads' },
    'write_csv write.csv write.table saveRDS ggsave fwrite writeLines': { does: 'writes' },
    'install.packages': installs('cloud.r-project.org'),
    'BiocManager::install': installs('bioconductor.org'),
    'install_github install_url install_git install_cran pkg_install': installs('api.github.com', 'github.com'),
  },
  javascript: {
    'fetch axios got get post put request': { does: 'fetches' },
    'readFileSync readFile createReadStream readdir readdirSync': { does: 'reads' },
    'writeFileSync writeFile createWriteStream': { does: 'writes' },
  },
  julia: {
    'download HTTP.get': { does: 'fetches' },
    'open read readlines readdir CSV.File': { does: 'reads' },
    'write CSV.write': { does: 'writes' },
    'Pkg.add': installs('pkg.julialang.org'),
    'Pkg.update': { ...asks('updates packages', 'pkg.julialang.org'), certain: true },
    'Pkg.instantiate': asks('installs packages', 'pkg.julialang.org'),
  },
};

const BY_NAME: ReadonlyMap<string, ReadonlyMap<string, Meaning>> = new Map(
  Object.entries(CALLS).map(([language, calls]) => [
    language,
    new Map(Object.entries(calls).flatMap(([names, known]) => names.split(' ').map((name) => [name, known] as const))),
  ]),
);

/** No name of the table has more parts. */
const MOST_PARTS = 2;

/** What a call does, by the end of its name: `torch.hub.load` by `hub.load`. R has dots in names. */
export function meaningOf(name: string, language: Language): Meaning | undefined {
  const separator = language === 'r' ? '::' : '.';
  const parts = name.split(separator).slice(-MOST_PARTS);
  const known = BY_NAME.get(language);
  return known?.get(parts.join(separator)) ?? known?.get(parts.at(-1) ?? '');
}
