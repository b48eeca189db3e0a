import { builder } from './builder.ts'

/** Types that refer to each other: named here, filled in by the file of each. */
export const Account = builder.objectRef<object>('Account')
export const AccountProfile = builder.objectRef<object>('AccountProfile')
export const ApiKey = builder.objectRef<object>('ApiKey')
export const AuditEntry = builder.objectRef<object>('AuditEntry')
export const BulkExport = builder.objectRef<object>('BulkExport')
export const Bookmark = builder.objectRef<object>('Bookmark')
export const CuratedSet = builder.objectRef<object>('CuratedSet')
export const CuratedSetSuggestion = builder.objectRef<object>('CuratedSetSuggestion')
export const Intervention = builder.objectRef<object>('Intervention')
export const LimitRequest = builder.objectRef<object>('LimitRequest')
export const MeasurementSet = builder.objectRef<object>('MeasurementSet')
export const Session = builder.objectRef<object>('Session')
export const Pattern = builder.objectRef<object>('Pattern')
export const Node = builder.interfaceRef<object>('Node')
