package io.callsync.localstack;

import java.util.List;
import java.util.Map;

/** How to start a process: the command and what it adds to the environment. */
record Launch(List<String> command, Map<String, String> environment) {}
