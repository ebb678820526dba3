import type { FileQuestion, ImageConfig } from '../image/facts.js';
import { inputMounts, resultMounts } from '../job/mounts.js';
import type { Subject } from './subject.js';
import { workloadOf } from './subject-workload.js';

/** What the subjects of one image ask of its files: programs that they start, and folders that they mount over. */
export async function fileQuestion(subjects: readonly Subject[], config: ImageConfig): Promise<FileQuestion> {
  const { startedPrograms } = await import('../workload/started-programs.js');
  const folders = new Set<string>();
  const programs: FileQuestion['programs'][number][] = [];
  for (const subject of subjects) {
    const task = subject.job?.task;
    for (const mount of [...inputMounts(task), ...resultMounts(task)]) {
      if (mount.shape === 'folder' || mount.shape === 'unknown') folders.add(mount.path);
    }
    const workload = await workloadOf(subject, { 'image.config': config });
    if (workload !== undefined) programs.push(...startedPrograms(workload, config, task));
  }
  return { folders: [...folders], programs };
}
