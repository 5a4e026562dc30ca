using System.Diagnostics;

namespace PartnerPortal.PartnerApi.Outbound;

/// <summary>Measures one call. The handler's callbacks find it on the request, so they write into the call that opened the connection.</summary>
internal sealed class CallClock(OutboundRequest call)
{
    public static readonly HttpRequestOptionsKey<CallClock> Key = new("portal.call");
    private readonly long _start = Stopwatch.GetTimestamp();

    public OutboundRequest Call { get; } = call;
    public TimeSpan? Resolve { get; set; }
    public TimeSpan? Connect { get; set; }
    public TimeSpan? Tls { get; set; }
    public TimeSpan? FirstByte { get; set; }

    /// <summary>Set while a connection is opened for this call; a call that got an open one never sets it.</summary>
    public bool Dialled { get; set; }

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_start);

    public OutboundTimings Read() => new(Resolve, Connect, Tls, FirstByte, Elapsed);
}
