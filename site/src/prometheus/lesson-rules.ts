/** What lessons on rules and alerts write, as files of a world. */
import http from '../../../course/rules/http.yml?raw';
import operations from '../../../course/rules/operations.yml?raw';

export const lessonRules = { 'rules/operations.yml': operations, 'rules/http.yml': http };
