using System.Globalization;
using System.Net.Sockets;

namespace PartnerPortal.PartnerApi.Outbound;

/// <summary>Figures and faults as people read them in the sentences of failed calls.</summary>
internal static class Sentences
{
    public static string Of(TimeSpan time) => time.TotalSeconds >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0} ms");

    public static string Of(long bytes) => bytes switch
    {
        >= 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.#} MiB"),
        >= 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.#} KiB"),
        1 => "1 byte",
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes"),
    };

    public static string Of(SocketException? cause) => cause?.SocketErrorCode switch
    {
        SocketError.NetworkUnreachable or SocketError.HostUnreachable => "no route",
        SocketError.ConnectionReset or SocketError.ConnectionAborted => "the connection was cut",
        SocketError.TimedOut => "the network gave up waiting",
        SocketError.NetworkDown => "the network is down",
        SocketError.AccessDenied => "a firewall of ours forbids it",
        null => "no address answered",
        var other => other.ToString()!,
    };
}
