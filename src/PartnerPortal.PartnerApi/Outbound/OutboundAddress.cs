using System.Net;
using System.Net.Sockets;

namespace PartnerPortal.PartnerApi.Outbound;

/// <summary>Turns a host name into addresses.</summary>
/// <param name="host">A name, never an address.</param>
/// <param name="cancellation">Ends the look-up.</param>
public delegate Task<IPAddress[]> ResolveName(string host, CancellationToken cancellation);

/// <summary>Judges a URL that a person typed before it is stored. The same rules are applied again, to the real addresses, on every connect.</summary>
public sealed class OutboundAddress(AllowedList allowed, ResolveName? resolve = null)
{
    /// <summary>Longest URL that is accepted, in characters.</summary>
    public const int LongestUrl = 2048;

    private static readonly TimeSpan LookUp = TimeSpan.FromSeconds(2);
    private readonly ResolveName _resolve = resolve ?? Dns.GetHostAddressesAsync;

    /// <summary>Judges a URL without asking the network.</summary>
    /// <param name="url">What was typed.</param>
    /// <returns>A sentence to show beside the field, or null when nothing speaks against it.</returns>
    public string? Check(string? url) => Read(url, out var uri) ?? CheckHost(uri!);

    /// <summary>Judges a URL, looking its host name up as well. A name that cannot be found now is accepted: the call will say so.</summary>
    /// <inheritdoc cref="Check" path="/returns"/>
    /// <param name="url">What was typed.</param>
    /// <param name="cancellation">Ends the look-up.</param>
    public async Task<string?> CheckAsync(string? url, CancellationToken cancellation = default)
    {
        if ((Read(url, out var uri) ?? CheckHost(uri!)) is { } sentence)
        {
            return sentence;
        }

        if (uri!.HostNameType != UriHostNameType.Dns)
        {
            return null;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(LookUp);
        try
        {
            var addresses = await _resolve(uri.IdnHost, limit.Token).WaitAsync(limit.Token);
            var refusals = addresses.Select(a => allowed.Refuse(uri.IdnHost, a, uri.Port)).ToList();
            return refusals.Count > 0 && refusals.TrueForAll(r => r is not null) ? refusals[0] : null;
        }
        catch (SocketException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Reads a URL that may be called: absolute, http or https, with a host and without a user name.</summary>
    /// <returns>A sentence, or null and the URL.</returns>
    internal static string? Read(string? url, out Uri? uri)
    {
        uri = null;
        if (string.IsNullOrWhiteSpace(url))
        {
            return "Enter a URL that starts with https:// or http://.";
        }

        if (url.Length > LongestUrl)
        {
            return $"A URL has at most {LongestUrl} characters.";
        }

        if (!Uri.TryCreate(url.Trim(), UriKind.Absolute, out var parsed))
        {
            return "This is not a URL; it looks like https://partner.example/metrics.";
        }

        if (parsed.Scheme is not ("http" or "https"))
        {
            return $"\"{parsed.Scheme}:\" cannot be called; use https:// or http://.";
        }

        if (parsed.UserInfo.Length > 0 || Authority(url).Contains('@'))
        {
            return "A user name or password in the URL would be seen by everyone who sees the URL; put it into a header.";
        }

        if (parsed.Host.Length == 0 || parsed.Port is 0 || parsed.HostNameType is not (UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6))
        {
            return "The URL needs a host name and a port from 1 to 65535.";
        }

        uri = parsed;
        return null;
    }

    // "http://@host/" has an empty user name that the parsed URL no longer shows; other programs may read such a URL differently.
    private static ReadOnlySpan<char> Authority(string url)
    {
        var rest = url.AsSpan(url.IndexOf(':', StringComparison.Ordinal) + 1).TrimStart("/\\");
        var end = rest.IndexOfAny('/', '?', '#');
        return end < 0 ? rest : rest[..end];
    }

    private string? CheckHost(Uri uri)
    {
        var name = uri.IdnHost.TrimEnd('.');
        if (IPAddress.TryParse(name, out var address))
        {
            return allowed.Refuse(name, address, uri.Port);
        }

        var local = name.Equals("localhost", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
        return local && !allowed.Names(name, null, uri.Port) && !allowed.NamesLoopback(uri.Port)
            ? allowed.Sentence($"{name} is a loopback address", $"{name}:{uri.Port}")
            : null;
    }
}
