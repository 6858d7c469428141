package dev.meridian.policy;

/**
 * What a name, or a branch of a policy, answers with. This is the whole closed language: both the
 * policy file and Route 53's JSON come down to it, and the compiler knows nothing else.
 */
public sealed interface Target permits Endpoint, AliasTarget, RoutingPolicy {}
