package io.shiftadd.motion.session;

import java.time.Duration;

/**
 * What sessions may take.
 *
 * @param most that run at a time
 * @param idle after which a session that nobody follows or talks to ends
 * @param planner how plans are made
 */
public record SessionSettings(int most, Duration idle, io.shiftadd.motion.planner.PlannerSettings planner) {}
