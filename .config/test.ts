/** `npm test`: every gate, then every test; the last line counts them. With CI=true a skip is a failure, but for want of data beside the checkout. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { findPython, pythonMissing } from '../bench/live/emulator/python.ts'
import { skippedForWantOfData } from './skipped.ts'

const isCi = process.env['CI'] === 'true'
const count = { passed: 0, failed: 0, skipped: 0, excused: 0 }

const run = (title: string, command: string, args: readonly string[]): boolean => {
  console.log(`\n▶ ${title}`)
  return spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] }).status === 0
}

/** Runs tests and adds up what became of them; a run that fails beside its tests is one failure more. */
const runTests = (title: string, report: string, options: readonly string[]): void => {
  rmSync(report, { force: true })
  const ended = run(title, 'npx', [
    ...['vitest', 'run', ...options],
    ...['--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
  ])
  const tests: unknown = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : {}
  const number = (field: string): number => {
    const value = tests !== null && typeof tests === 'object' ? Reflect.get(tests, field) : undefined
    return typeof value === 'number' ? value : 0
  }
  count.passed += number('numPassedTests')
  count.failed += number('numFailedTests')
  count.skipped += number('numPendingTests') + number('numTodoTests')
  if (!existsSync('../shared')) count.excused += skippedForWantOfData(tests)
  if (!ended && number('numFailedTests') === 0) count.failed += 1
}

mkdirSync('.cache', { recursive: true })
for (const [title, script] of [
  ['types', 'check:types'],
  ['format and lint', 'check:lint'],
  ['import rules', 'check:imports'],
  ['dead code', 'check:dead'],
] as const)
  count[run(title, 'npm', ['run', '-s', script]) ? 'passed' : 'failed'] += 1

runTests('tests', '.cache/vitest.json', [])
if ((await findPython()) === undefined) {
  console.log(`\nThe tests against the emulator are skipped: ${pythonMissing}.`)
  count.skipped += 1
} else {
  runTests('tests against the emulator', '.cache/vitest-emulator.json', [
    '--config',
    'vitest.emulator.config.ts',
  ])
}
const unexcused = count.skipped - count.excused
if (isCi && unexcused > 0) {
  console.log(`\nCI=true allows nothing to be skipped but for want of data; skipped: ${unexcused}.`)
  count.failed += unexcused
}
console.log(`\n${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`)
process.exitCode = count.failed === 0 ? 0 : 1
