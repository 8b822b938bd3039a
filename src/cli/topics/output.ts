import type { Page } from '../help-page.ts';

/** `erpsync help output`: the forms of output, and what they have in common. */
export function outputPage(): Page {
  return [
    {
      content: [
        'Output. The result goes to standard output and nothing else does; everything else goes to standard error.',
      ],
    },
    {
      heading: 'Forms (-o)',
      content: [
        {
          rows: [
            [
              'table',
              'for people, and the default: lists as columns, the widest shortened where a terminal is narrow, or each row in lines of its own where that is not enough; never elsewhere; scripts should not read it',
            ],
            [
              'json',
              'one document, in success, failure and timeout alike. Each has schemaVersion and command; a list has items; what could not be done at all has status "failed", exitCode and error; a result that can be good or not (a run, a check) has status, exitCode and error beside what it found',
            ],
            [
              'ndjson',
              'a list as one JSON object a line, as they come; a run as its events: {"type":"start"}, {"type":"request"} for each outcome as it happens, and {"type":"end"} with the document',
            ],
            [
              'csv',
              'a list by RFC 4180: a header, lines that end with CR LF, every member a column, lists and objects as JSON in their cell. Cells hold what the data is: have a spreadsheet read them as text, or it may take one that begins with = + - or @ for a formula',
            ],
            ['yaml', 'the document of json as YAML; texts that look like something else are quoted'],
            ['ids', 'a list as the ids of its items, one a line: input for other commands'],
          ],
        },
        'Lists have all of them, other commands have table, json, ndjson and yaml. Long lists (keys, the sync log, the keys of a run) are printed page by page as ndjson, csv and ids.',
      ],
    },
    {
      heading: 'Errors',
      content: [
        'An error is a line on standard error: what cannot be done or used, why, and what to do next. In a document it has code, exitCode, message (what and why), why, hint (what to do next), and httpStatus and concerns (the ids and names that it is about) where there are some.',
      ],
    },
    {
      heading: 'A part of it (--query)',
      content: [
        'A JMESPath expression, applied to the document. It prints JSON, or YAML with -o yaml. Numbers stand in backticks. One that cannot be read is an error before anything is sent. What fails before there is a result is printed whole; a result that does not fit the expression is printed whole too, and the exit code is 2 then.',
        "  erpsync connections list --query 'items[?active].id'",
        "  erpsync connections list --query 'items[?id == `124`].name'",
      ],
    },
    {
      heading: 'Quiet (-q)',
      content: ['Errors and the data that was asked for, nothing else.'],
    },
    {
      heading: 'Times',
      content: [
        'People see local time with its zone (TZ), machines ISO 8601 in UTC. Most servers tell times without a zone: they are shown as they are, and none is made up.',
      ],
    },
    {
      heading: 'Characters',
      content: [
        'Those that steer a terminal are written as \\u escapes. Colour only where the output is a terminal; NO_COLOR, FORCE_COLOR, TERM=dumb and CI are obeyed.',
      ],
    },
    {
      heading: 'Schemas (JSON Schema, draft 2020-12) of what -o json prints',
      content: [
        'Members may be added, none goes away.',
        '  erpsync help output connections list',
        { note: 'of one command' },
        '  erpsync help output -o json',
        { note: 'of all of them' },
      ],
    },
  ];
}
