package io.callsync.gateway.retell;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The agent's functions.
 *
 * @param budget how long a caller may wait for an answer
 */
@ConfigurationProperties("callsync.functions")
public record FunctionProperties(@DefaultValue("8s") Duration budget) {}
