namespace PartnerPortal.Engine.Metrics.Forwarding;

/// <summary>The bigger engine cannot be used now; what waits for it is tried again later.</summary>
public sealed class EngineAway(string sentence, Exception? cause = null) : Exception(sentence, cause);
