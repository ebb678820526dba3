/** Programs whose words name nothing: what they print is no use of a path or a host. */
export const SILENT: ReadonlySet<string> = new Set(
  (
    'echo printf true false : exit return export set unset local declare typeset readonly shift trap wait read sleep seq ' +
    'date uname hostname whoami id which type man help env pwd alias ulimit umask kill basename dirname expr bc tr yes ' +
    'clear history jobs let break continue getopts nproc free lscpu nvidia-smi hash command exec popd sync tput stty ' +
    'useradd adduser groupadd usermod passwd locale-gen ldconfig update-ca-certificates cowsay figlet lolcat'
  ).split(' '),
);
