import type { Program, ProgramTable } from './program.js';

/** `yolo TASK MODE key=value …` writes below `runs` unless it is told a project. */
const YOLO: Program = {
  keys: { reads: 'data source model weights cfg', writes: 'project' },
  opensUrls: true,
  paths: ({ operands }, word) => {
    const works = operands.some(({ text }) => /^(?:predict|train|val|export|track|benchmark)$/.test(text));
    const told = operands.some(({ text }) => text.startsWith('project='));
    return works && !told ? [{ role: 'write', word, path: 'runs' }] : [];
  },
};

/** Names of models that a program fetches when they are no files are not told: they may lie in the image. */
export const MODELS: ProgramTable = {
  whisper: {
    values:
      '--model --language --task --device --output_format -f --threads --temperature --beam_size --initial_prompt',
    writes: '--output_dir -o',
    operands: 'read',
  },
  'whisper-cli whisper-cpp': {
    longDash: true,
    values: '-l -t -p -d -ot -on',
    reads: '-m --model -f --file',
    writes: '-of --output-file',
    operands: 'read',
  },
  yolo: YOLO,
  demucs: { values: '-n --name -d --device --two-stems -j --mp3-bitrate', writes: '-o --out', operands: 'read' },
  'llama-cli llama-server main': {
    longDash: true,
    values: '-p --prompt -n -c -t -ngl --temp --seed --host --port',
    reads: '-m --model -f --file',
  },
  colabfold_batch: { values: '--num-recycle --model-type --num-models --msa-mode --amber', operands: 'pair' },
  piper: {
    values: '--speaker --length_scale',
    reads: '-m --model -c --config',
    writes: '-f --output_file -d --output_dir',
  },
  tts: {
    values: '--text --model_name --speaker_idx --language_idx',
    reads: '--model_path --config_path',
    writes: '--out_path',
  },
  'docling marker_single': { values: '--to --from', writes: '--output --output_dir', operands: 'read' },
};
