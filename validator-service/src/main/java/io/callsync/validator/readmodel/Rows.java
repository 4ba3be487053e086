package io.callsync.validator.readmodel;

import io.callsync.validator.chain.AppointmentRow;
import io.callsync.validator.chain.CallRow;
import io.callsync.validator.chain.Claim;
import io.callsync.validator.chain.CustomerRow;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rows of many chains, all of one moment. */
public record Rows(
    Map<Long, CallRow> calls,
    List<AppointmentRow> appointments,
    Map<Long, CustomerRow> customers,
    Set<Long> companies,
    List<Claim> claims) {}
