import type { Results } from '../../results.ts'
import { paragraph, type Section } from '../document.ts'

export const repeatSection = ({ run }: Results): Section => ({
  id: 'repeat',
  title: 'How to repeat it',
  blocks: [
    paragraph(`With version ${run.version} of the project, in its folder:`),
    { kind: 'code', text: run.command },
    paragraph(
      run.runtime === 'virtual'
        ? `The same command gives the same results to the byte, wall-clock time aside, and run id ${run.id}.`
        : `The run id ${run.id} stands for the same inputs; latencies will differ from run to run.`,
    ),
  ],
})
