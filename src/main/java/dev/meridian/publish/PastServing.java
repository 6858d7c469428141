package dev.meridian.publish;

import dev.meridian.answer.ServerState;
import dev.meridian.policy.ClientSpace;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * What was answered from at an earlier moment.
 *
 * @param set that was served
 * @param state with the health of that moment
 * @param numbers finds a health check by its id
 * @param ids the id of a health check by its number
 * @param healthText says of a health check by its number how it was, for people
 */
public record PastServing(
    KeptSet set,
    ServerState state,
    ClientSpace space,
    Function<String, Optional<Integer>> numbers,
    IntFunction<String> ids,
    IntFunction<String> healthText) {}
