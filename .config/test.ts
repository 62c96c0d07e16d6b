/** `npm test`: every gate, then every test; the last line counts them. With CI=true a skip is a failure. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'

const report = '.cache/vitest.json'
const isCi = process.env['CI'] === 'true'
const count = { passed: 0, failed: 0, skipped: 0 }

const run = (title: string, command: string, args: readonly string[]): boolean => {
  console.log(`\n▶ ${title}`)
  return spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] }).status === 0
}

mkdirSync('.cache', { recursive: true })
rmSync(report, { force: true })
for (const [title, script] of [
  ['types', 'check:types'],
  ['format and lint', 'check:lint'],
  ['import rules', 'check:imports'],
  ['dead code', 'check:dead'],
] as const)
  count[run(title, 'npm', ['run', '-s', script]) ? 'passed' : 'failed'] += 1

const ended = run('tests', 'npx', [
  'vitest',
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
])
const tests: unknown = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : {}
const number = (field: string): number => {
  const value = tests !== null && typeof tests === 'object' ? Reflect.get(tests, field) : undefined
  return typeof value === 'number' ? value : 0
}
count.passed += number('numPassedTests')
count.failed += number('numFailedTests')
count.skipped += number('numPendingTests') + number('numTodoTests')
if (!ended && number('numFailedTests') === 0) count.failed += 1
if (isCi && count.skipped > 0) {
  console.log(`\nCI=true allows no skipped test, but ${count.skipped} were skipped.`)
  count.failed += count.skipped
}
console.log(`\n${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`)
process.exitCode = count.failed === 0 ? 0 : 1
