namespace PartnerPortal.PartnerApi.Outbound;

/// <summary>Where the time of one call went.</summary>
/// <param name="Resolve">Looking the name up; null on a connection that was open already.</param>
/// <param name="Connect">Making the connection; null on a connection that was open already.</param>
/// <param name="Tls">Securing it; null for http and on a connection that was open already.</param>
/// <param name="FirstByte">From the start of the call to the head of the answer; null when none came.</param>
/// <param name="Total">From the start of the call to its end, waiting for a free slot not counted.</param>
public sealed record OutboundTimings(TimeSpan? Resolve, TimeSpan? Connect, TimeSpan? Tls, TimeSpan? FirstByte, TimeSpan Total);
