using System.Net;
using System.Net.Sockets;

namespace PartnerPortal.PartnerApi.Outbound;

/// <summary>Opens the connection of a call: looks the name up once, judges every address, and connects to one that passed. The name itself is never given to the socket, so a second answer of the name server changes nothing.</summary>
internal sealed class GuardedConnection(AllowedList allowed, ResolveName resolve)
{
    /// <summary>The callback of the handler.</summary>
    public async ValueTask<Stream> OpenAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var clock = context.InitialRequestMessage.Options.TryGetValue(CallClock.Key, out var found) ? found : null;
        var limits = clock?.Call.Limits ?? OutboundLimits.Default;
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        clock?.Dialled = true;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(limits.Connect);
        try
        {
            var addresses = await ResolveAsync(host, port, limit.Token);
            clock?.Resolve = clock.Elapsed;
            var stream = await ConnectAsync(host, port, addresses, limits.Connect, limit.Token);
            clock?.Connect = clock.Elapsed - clock.Resolve;
            return stream;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new OutboundException(OutboundFailure.ConnectTimeout, clock is { Resolve: null }
                ? $"The name {host} could not be looked up within {Sentences.Of(limits.Connect)}."
                : $"{host}:{port} did not accept a connection within {Sentences.Of(limits.Connect)}.");
        }
    }

    private async Task<List<IPAddress>> ResolveAsync(string host, int port, CancellationToken cancellation)
    {
        IPAddress[] found;
        try
        {
            found = IPAddress.TryParse(host, out var literal) ? [literal] : await resolve(host, cancellation).WaitAsync(cancellation);
        }
        catch (SocketException cause)
        {
            throw new OutboundException(OutboundFailure.NameNotFound, cause.SocketErrorCode == SocketError.TryAgain
                ? $"The name server gave no answer for {host}."
                : $"The name {host} is unknown.", cause);
        }

        var passed = new List<IPAddress>(found.Length);
        string? refusal = null;
        foreach (var address in found)
        {
            if (allowed.Refuse(host, address, port) is { } sentence)
            {
                refusal ??= sentence;
            }
            else
            {
                passed.Add(address);
            }
        }

        return passed.Count > 0 ? passed
            : refusal is not null ? throw new OutboundException(OutboundFailure.AddressRefused, refusal)
            : throw new OutboundException(OutboundFailure.NameNotFound, $"The name {host} has no address.");
    }

    private static async Task<Stream> ConnectAsync(string host, int port, List<IPAddress> addresses, TimeSpan longest, CancellationToken cancellation)
    {
        SocketException? last = null;
        // Every address gets its share, so that one dead IPv6 route does not eat the time of the living IPv4 one.
        var share = longest / addresses.Count;
        foreach (var address in addresses)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            using var turn = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            turn.CancelAfter(share);
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, port), turn.Token);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException cause)
            {
                socket.Dispose();
                last = cause;
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested && address != addresses[^1])
            {
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw last?.SocketErrorCode == SocketError.ConnectionRefused
            ? new OutboundException(OutboundFailure.ConnectionRefused, $"{host} refuses connections on port {port}: nothing listens there.", last)
            : new OutboundException(OutboundFailure.Unreachable, $"{host}:{port} cannot be reached ({Sentences.Of(last)}).", last);
    }
}
