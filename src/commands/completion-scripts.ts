/** A command as a shell completes it. */
export interface CompletedCommand {
  readonly name: string;
  readonly summary: string;
  readonly flags: readonly CompletedFlag[];
  /** Words that its argument may be; files when there are none. */
  readonly words: readonly string[];
}

export interface CompletedFlag {
  /** Without the dashes. */
  readonly name: string;
  readonly description: string;
  /** What stands for its value in the help; absent when it takes none. */
  readonly value?: string | undefined;
  /** The values that it takes; any, files among them, when there are none. */
  readonly options: readonly string[];
}

const BIN = 'bacalhau-preflight';
const HELP: CompletedFlag = { name: 'help', description: 'show help', options: [] };

/** Gives a bash script that completes the commands; it needs bash 3.2 and nothing else. */
export function bashScript(commands: readonly CompletedCommand[]): string {
  const ofCommand = commands.map(({ name, flags, words }) => {
    const names = [...flags, HELP].map((flag) => `--${flag.name}`).join(' ');
    return `    ${name}) flags=${quoted(names)}; words=${quoted(words.join(' '))} ;;`;
  });
  const ofValue = commands.flatMap(({ name, flags }) =>
    flags.flatMap((flag) => {
      if (flag.value === undefined) return [];
      const values = flag.options.length === 0 ? 'files=1' : `words=${quoted(flag.options.join(' '))}; files=`;
      return [`    ${name}:--${flag.name}) flags=; words=; ${values} ;;`];
    }),
  );
  return `# bash completion of ${BIN}
_bacalhau_preflight() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} flags= words= files= line
  COMPREPLY=()
  # bash takes the = of --flag=value for a word of its own
  if [ "$current" = = ]; then current=; elif [ "$previous" = = ]; then previous=\${COMP_WORDS[COMP_CWORD-2]}; fi
  if [ "$COMP_CWORD" -le 1 ]; then
    COMPREPLY=( $(compgen -W ${quoted(commands.map(({ name }) => name).join(' '))} -- "$current") )
    return
  fi
  case \${COMP_WORDS[1]} in
${ofCommand.join('\n')}
    *) return ;;
  esac
  [ -n "$words" ] || files=1
  case \${COMP_WORDS[1]}:$previous in
${ofValue.join('\n')}
  esac
  case $current in
    -*) COMPREPLY=( $(compgen -W "$flags" -- "$current") ) ;;
    *)
      [ -z "$words" ] || COMPREPLY=( $(compgen -W "$words" -- "$current") )
      if [ -n "$files" ]; then
        while IFS= read -r line; do COMPREPLY+=( "$line" ); done < <(compgen -f -- "$current")
        compopt -o filenames 2> /dev/null
      fi ;;
  esac
}
complete -F _bacalhau_preflight ${BIN}
`;
}

/** Gives a zsh completion function, to be stored as `_bacalhau-preflight` in a folder of `fpath`, or sourced. */
export function zshScript(commands: readonly CompletedCommand[]): string {
  const names = commands.map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}`);
  const ofCommand = commands.map(({ name, flags, words }) => {
    const specs = [...flags, HELP].map((flag) => {
      const action = flag.options.length === 0 ? '_files' : `(${flag.options.join(' ')})`;
      const [before, after] =
        flag.value === undefined ? [`--${flag.name}`, ''] : [`*--${flag.name}=`, `:${inSpec(flag.value)}:${action}`];
      return quoted(`${before}[${inSpec(flag.description)}]${after}`);
    });
    const argument = quoted(words.length === 0 ? '*:file:_files' : `1:word:(${words.join(' ')})`);
    return [`    ${name})`, `      _arguments -s \\`, ...[...specs, argument].map((spec) => `        ${spec} \\`)]
      .join('\n')
      .replace(/ \\$/, ' ;;');
  });
  return `#compdef ${BIN}
_bacalhau_preflight() {
  local -a commands
  commands=(
${names.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${ofCommand.join('\n')}
  esac
}
if [ "$funcstack[1]" = _${BIN} ]; then
  _bacalhau_preflight "$@"
else
  compdef _bacalhau_preflight ${BIN}
fi
`;
}

/** Gives lines for fish. */
export function fishScript(commands: readonly CompletedCommand[]): string {
  const lines = commands.flatMap(({ name, summary, flags, words }) => {
    const here = `complete -c ${BIN} -n ${quotedForFish(`__fish_seen_subcommand_from ${name}`)}`;
    return [
      `complete -c ${BIN} -n __fish_use_subcommand -f -a ${name} -d ${quotedForFish(summary)}`,
      ...(words.length === 0 ? [] : [`${here} -f -a ${quotedForFish(words.join(' '))}`]),
      ...[...flags, HELP].map((flag) => {
        const values = flag.options.length === 0 ? ' -r -F' : ` -x -a ${quotedForFish(flag.options.join(' '))}`;
        return `${here} -l ${flag.name}${flag.value === undefined ? '' : values} -d ${quotedForFish(flag.description)}`;
      }),
    ];
  });
  return `# fish completion of ${BIN}\n${lines.join('\n')}\n`;
}

/** As one word of bash and zsh. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** As one word of fish, which knows two escapes inside quotes. */
function quotedForFish(text: string): string {
  return `'${text.replace(/[\\']/g, String.raw`\$&`)}'`;
}

/** As part of what `_arguments` of zsh reads. */
function inSpec(text: string): string {
  return text.replace(/[\\:[\]]/g, String.raw`\$&`);
}
