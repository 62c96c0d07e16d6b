import { SQSClient } from '@aws-sdk/client-sqs'
import { functions, type Runtime } from './functions.ts'

/** The functions as Lambda runs them: this file is bundled, zipped and put into each function of the templates. */

const runtime: Runtime = {
  sqs: new SQSClient({}),
  env: process.env,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
}

export const echo = functions.echo()
export const fail = functions.fail()
export const sleep = functions.sleep(runtime)
export const witness = functions.witness(runtime)
export const reportFailures = functions.reportFailures(runtime)
export const failWhole = functions.failWhole(runtime)
