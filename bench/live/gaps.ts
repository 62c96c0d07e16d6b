import { counted } from '../report/format.ts'

/** What is missing of a run's invocations: how many. */
export interface Gaps {
  /** Lambda reported them, or something of them arrived, and no whole line tells what they did. */
  readonly untold: number
  /** Of these, how many Lambda stopped at their time limit: they could not tell. */
  readonly timedOut: number
  /** A function told of them and Lambda reported nothing. */
  readonly unreported: number
  /** They ran in an environment from before the run, in another outside world. */
  readonly astray: number
  /** Orders whose end the bus told and no function. */
  readonly endsUntold: number
}

export const noGaps: Gaps = { untold: 0, timedOut: 0, unreported: 0, astray: 0, endsUntold: 0 }

export const isWhole = (gaps: Gaps): boolean => Object.values(gaps).every((number) => number === 0)

/** Whether all calls are known, and with them what they cost; a line that lacks takes from the bill and adds nothing. */
export const isBillWhole = ({ untold, astray, endsUntold }: Gaps): boolean =>
  untold + astray + endsUntold === 0

/** What is missing and what that means for the figures, each with its number; none when nothing is. */
export const gapsInWords = ({ untold, timedOut, unreported, astray, endsUntold }: Gaps): readonly string[] =>
  [
    {
      number: untold,
      said: `${counted(untold, 'invocation')} untold${timedOut === 0 ? '' : `, ${timedOut} of them timed out`}: their calls are in no figure, and a law may seem broken for want of them`,
    },
    {
      number: unreported,
      said: `${counted(unreported, 'invocation')} without a report of Lambda: billed for the time that the function saw`,
    },
    {
      number: astray,
      said: `${counted(astray, 'invocation')} in an environment from before the run: in no figure`,
    },
    {
      number: endsUntold,
      said: `${counted(endsUntold, 'end')} heard from the bus and told by no function`,
    },
  ].flatMap(({ number, said }) => (number === 0 ? [] : [said]))
