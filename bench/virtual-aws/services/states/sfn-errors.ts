import {
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  ExecutionLimitExceeded,
  ExecutionNotRedrivable,
  InvalidArn,
  InvalidDefinition,
  InvalidExecutionInput,
  InvalidName,
  InvalidOutput,
  InvalidToken,
  MissingRequiredParameter,
  StateMachineDoesNotExist,
  StateMachineTypeNotSupported,
  TaskDoesNotExist,
  TaskTimedOut,
  ValidationException,
} from '@aws-sdk/client-sfn'

const metadata = { httpStatusCode: 400 }

/** The errors of the Step Functions API, as the SDK throws them. */
export const sfnErrors = {
  executionAlreadyExists: (arn: string) =>
    new ExecutionAlreadyExists({ $metadata: metadata, message: `Execution Already Exists: '${arn}'` }),
  executionDoesNotExist: (arn: unknown) =>
    new ExecutionDoesNotExist({ $metadata: metadata, message: `Execution Does Not Exist: '${arn}'` }),
  executionLimitExceeded: (limit: number) =>
    new ExecutionLimitExceeded({
      $metadata: metadata,
      message: `The maximum number of open executions is ${limit}`,
    }),
  executionNotRedrivable: (reason: string) =>
    new ExecutionNotRedrivable({ $metadata: metadata, message: reason }),
  invalidArn: (arn: unknown) => new InvalidArn({ $metadata: metadata, message: `Invalid Arn: '${arn}'` }),
  invalidDefinition: (message: string) => new InvalidDefinition({ $metadata: metadata, message }),
  invalidExecutionInput: (why: string) =>
    new InvalidExecutionInput({
      $metadata: metadata,
      message: `Invalid State Machine Execution Input: '${why}'`,
    }),
  invalidName: (name: unknown) =>
    new InvalidName({ $metadata: metadata, message: `Invalid Name: '${name}'` }),
  invalidOutput: (why: string) =>
    new InvalidOutput({ $metadata: metadata, message: `Invalid Output: '${why}'` }),
  invalidToken: () => new InvalidToken({ $metadata: metadata, message: "Invalid Token: 'Invalid token'" }),
  missingRequiredParameter: (message: string) =>
    new MissingRequiredParameter({ $metadata: metadata, message }),
  stateMachineDoesNotExist: (arn: unknown) =>
    new StateMachineDoesNotExist({ $metadata: metadata, message: `State Machine Does Not Exist: '${arn}'` }),
  stateMachineTypeNotSupported: () =>
    new StateMachineTypeNotSupported({
      $metadata: metadata,
      message: 'This operation is not supported by this type of state machine',
    }),
  taskDoesNotExist: () =>
    new TaskDoesNotExist({
      $metadata: metadata,
      message: "Task Does Not Exist: 'Provided task does not exist'",
    }),
  taskTimedOut: () =>
    new TaskTimedOut({
      $metadata: metadata,
      message: "Task Timed Out: 'Provided task does not exist anymore'",
    }),
  /** A value that the API's own constraints refuse, before the service looks at it. */
  validation: (what: string, constraint: string) =>
    new ValidationException({
      $metadata: metadata,
      message: `1 validation error detected: ${what} failed to satisfy constraint: Member ${constraint}`,
    }),
} as const
