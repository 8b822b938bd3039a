/** Every command: its words, its summary, and where it is. Only the one that is used is loaded. */
import type { AnyCommand, CommandEntry } from '../cli/define.ts';

function entry(words: string, summary: string, load: () => Promise<{ default: AnyCommand }>): CommandEntry {
  return { path: words.split(' '), summary, load: async () => (await load()).default };
}

export const commands: readonly CommandEntry[] = [
  entry('force-resync', 'start a forced resync of some or all records', () => import('./force-resync.ts')),
  entry('resume', 'continue a run that was interrupted or partly failed', () => import('./resume.ts')),
  entry('runs list', 'list the runs of this machine', () => import('./runs/list.ts')),
  entry('runs show', 'show one run: what it was to do, and how far it is', () => import('./runs/show.ts')),
  entry('runs keys', 'print the keys of a run that stand in a certain state', () => import('./runs/keys.ts')),
  entry(
    'runs check',
    'fail when the last run did not go well, or is too old: for monitoring',
    () => import('./runs/check.ts'),
  ),
  entry(
    'runs export',
    'write a run to a file, to go on with it on another machine',
    () => import('./runs/export.ts'),
  ),
  entry(
    'runs import',
    'take in a run that was exported on another machine, to go on with it here',
    () => import('./runs/import.ts'),
  ),
  entry('runs prune', 'remove finished runs that are old', () => import('./runs/prune.ts')),
  entry(
    'profile add',
    'store a profile: address, login and secrets of a server',
    () => import('./profile/add.ts'),
  ),
  entry('profile list', 'list the stored profiles', () => import('./profile/list.ts')),
  entry('profile show', 'show one profile, secrets masked', () => import('./profile/show.ts')),
  entry(
    'profile use',
    'choose the profile that commands at a terminal use',
    () => import('./profile/use.ts'),
  ),
  entry(
    'profile set',
    'change what is given of a stored profile, and nothing else',
    () => import('./profile/set.ts'),
  ),
  entry('profile rename', 'give a profile another name', () => import('./profile/rename.ts')),
  entry('profile remove', 'remove a profile and its secrets', () => import('./profile/remove.ts')),
  entry('profile export', 'write profiles as JSON, without any secret', () => import('./profile/export.ts')),
  entry('profile import', 'add the profiles of an export', () => import('./profile/import.ts')),
  entry(
    'config explain',
    'show every effective setting and where it came from, secrets masked',
    () => import('./config/explain.ts'),
  ),
  entry(
    'config path',
    'print the paths of the files that hold profiles and secrets',
    () => import('./config/path.ts'),
  ),
  entry('call', 'call any operation of the ErpSync agent by its name', () => import('./call.ts')),
  entry(
    'api',
    'send a request to any path below the base URL, with the login of the profile',
    () => import('./api.ts'),
  ),
  entry('connections list', 'list the ERP connections', () => import('./connections/list.ts')),
  entry('connections get', 'show one ERP connection, passwords masked', () => import('./connections/get.ts')),
  entry(
    'connections test',
    'test whether the server reaches the ERP system of a connection',
    () => import('./connections/test.ts'),
  ),
  entry(
    'connections summary',
    'sum up an ERP connection: its last sync, its actors and their mappings',
    () => import('./connections/summary.ts'),
  ),
  entry('connections enable', 'make an ERP connection active', () => import('./connections/enable.ts')),
  entry('connections disable', 'make an ERP connection inactive', () => import('./connections/disable.ts')),
  entry(
    'connections priority',
    'set the order in which connections win when both sides changed',
    () => import('./connections/priority.ts'),
  ),
  entry(
    'connections records',
    'show which ERP connections a CRM record is linked in',
    () => import('./connections/records.ts'),
  ),
  entry(
    'connections save',
    'change an ERP connection, or make a new one',
    () => import('./connections/save.ts'),
  ),
  entry('connections delete', 'delete an ERP connection', () => import('./connections/delete.ts')),
  entry(
    'connections config-fields',
    'show the configuration of an ERP connection field by field, passwords masked',
    () => import('./connections/config-fields.ts'),
  ),
  entry(
    'connections refresh-fields',
    'have the server ask a connector anew which actors and fields the ERP system has',
    () => import('./connections/refresh-fields.ts'),
  ),
  entry('connectors list', 'list the sync connectors', () => import('./connectors/list.ts')),
  entry('connectors get', 'show one sync connector', () => import('./connectors/get.ts')),
  entry(
    'connectors create',
    'make a sync connector known to SuperOffice',
    () => import('./connectors/create.ts'),
  ),
  entry(
    'connectors save',
    'change the name or the address of a sync connector',
    () => import('./connectors/save.ts'),
  ),
  entry(
    'connectors delete',
    'delete a sync connector that no ERP connection uses',
    () => import('./connectors/delete.ts'),
  ),
  entry(
    'connectors test',
    'test whether a sync connector answers the server',
    () => import('./connectors/test.ts'),
  ),
  entry(
    'connectors config-fields',
    'list the configuration that a connector asks of each of its connections',
    () => import('./connectors/config-fields.ts'),
  ),
  entry('links create', 'link a CRM record to an ERP actor that exists', () => import('./links/create.ts')),
  entry(
    'links break',
    'remove the link between a CRM record and an ERP connection',
    () => import('./links/break.ts'),
  ),
  entry(
    'links connect',
    'link a CRM record to an ERP actor and set default values',
    () => import('./links/connect.ts'),
  ),
  entry(
    'links create-actor',
    'create an ERP actor from a CRM record, and link the two',
    () => import('./links/create-actor.ts'),
  ),
  entry(
    'links values',
    'show the field values of a CRM record or of an ERP actor',
    () => import('./links/values.ts'),
  ),
  entry(
    'mappings get',
    'show which ERP fields of an actor type go with which CRM fields',
    () => import('./mappings/get.ts'),
  ),
  entry('mappings save', 'change the field mapping of an actor type', () => import('./mappings/save.ts')),
  entry(
    'mappings lists',
    'show which items of ERP lists go with which items of CRM lists',
    () => import('./mappings/lists.ts'),
  ),
  entry(
    'mappings save-lists',
    'change which items of ERP lists go with which items of CRM lists',
    () => import('./mappings/save-lists.ts'),
  ),
  entry(
    'mappings default',
    'show what SuperOffice gives an ERP field when it creates an actor',
    () => import('./mappings/default.ts'),
  ),
  entry(
    'mappings save-default',
    'change what SuperOffice gives an ERP field when it creates an actor',
    () => import('./mappings/save-default.ts'),
  ),
  entry(
    'mappings check',
    'find mapped fields that the ERP system or SuperOffice no longer has',
    () => import('./mappings/check.ts'),
  ),
  entry('log', 'show what the sync engine changed, the newest first', () => import('./log.ts')),
  entry('engine status', 'show whether the sync engine runs', () => import('./engine/status.ts')),
  entry('engine start', 'start the sync engine', () => import('./engine/start.ts')),
  entry('engine stop', 'stop the sync engine', () => import('./engine/stop.ts')),
  entry(
    'engine interval',
    'set the time between two rounds of the sync engine',
    () => import('./engine/interval.ts'),
  ),
  entry(
    'engine pause',
    'run a command while the sync engine stands still',
    () => import('./engine/pause.ts'),
  ),
  entry('sync', 'sync all active connections now, as the sync engine would', () => import('./sync.ts')),
  entry('tasks list', 'list batch tasks on the server', () => import('./tasks/list.ts')),
  entry('tasks show', 'show one batch task', () => import('./tasks/show.ts')),
  entry('tasks watch', 'follow batch tasks until they have ended', () => import('./tasks/watch.ts')),
  entry('tasks stop', 'stop a batch task', () => import('./tasks/stop.ts')),
  entry('keys list', 'list the internal keys of a connection', () => import('./keys/list.ts')),
  entry(
    'keys resolve',
    'find the internal keys of CRM records or ERP keys',
    () => import('./keys/resolve.ts'),
  ),
  entry(
    'auth login',
    'log in to SuperOffice Online with a browser, for a profile with auth oidc',
    () => import('./auth/login.ts'),
  ),
  entry(
    'auth logout',
    'end the login of a profile: revoke and forget its refresh token, forget its tickets',
    () => import('./auth/logout.ts'),
  ),
  entry(
    'auth status',
    'ask the server who we are: user, server, and which credential proves it',
    () => import('./auth/status.ts'),
  ),
  entry(
    'auth token',
    'print a credential that the server takes now, for other programs: a secret',
    () => import('./auth/token.ts'),
  ),
  entry(
    'doctor',
    'find out what is wrong between here and the server, and what to do about it',
    () => import('./doctor.ts'),
  ),
  entry('sandbox', 'run an ErpSync server on this machine, to try things on', () => import('./sandbox.ts')),
  entry(
    'completion',
    'print the script that completes erpsync in bash, zsh or fish',
    () => import('./completion.ts'),
  ),
  entry('help', 'help for a command, a group of commands or a topic', () => import('./help.ts')),
];
