#pragma once  // native/check.h
// The commands that look at files and say what is wrong with them. Each prints its findings and
// returns the process's exit status: 0 when there is none.
#include "native/command_line.h"

namespace promenade::native {

int check_config(const CheckConfigCommand& command);
int check_rules(const CheckRulesCommand& command);
int test_rules(const TestRulesCommand& command);
int check_exercises(const CheckExercisesCommand& command);
// Prints the verdict as JSON. 0: the answer passes; 1: it does not; 2: there is no such exercise.
int grade_answer(const GradeAnswerCommand& command);

// One rule file, as check_rules() does it: whether it is valid.
bool check_rule_file(const std::string& name);

}  // namespace promenade::native
