import {
  EventBridgeServiceException,
  IllegalStatusException,
  InvalidEventPatternException,
  LimitExceededException,
  ResourceAlreadyExistsException,
  ResourceNotFoundException,
} from '@aws-sdk/client-eventbridge'

const $metadata = { httpStatusCode: 400 }

/** The SDK declares no class for it: the client throws its base exception under this name. */
export const validationException = (message: string): Error =>
  new EventBridgeServiceException({
    name: 'ValidationException',
    message,
    $fault: 'client',
    $metadata,
  })

/** AWS's wording where it is known: `Parameter X is not valid. Reason: …`. */
export const invalidParameter = (name: string, reason: string): Error =>
  validationException(`Parameter ${name} is not valid. Reason: ${reason}`)

export const notFound = (what: string, where = ''): Error =>
  new ResourceNotFoundException({ message: `${what} does not exist${where}.`, $metadata })

export const invalidEventPattern = (message: string): Error =>
  new InvalidEventPatternException({ message, $metadata })

export const alreadyExists = (what: string): Error =>
  new ResourceAlreadyExistsException({ message: `${what} already exists.`, $metadata })

export const limitExceeded = (message: string): Error => new LimitExceededException({ message, $metadata })

export const illegalStatus = (message: string): Error => new IllegalStatusException({ message, $metadata })

/** What a caller gets as an answer; everything else is a defect or not modelled and ends the run. */
export const isAnswer = (error: unknown): error is Error => error instanceof EventBridgeServiceException
