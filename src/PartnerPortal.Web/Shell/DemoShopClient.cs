using System.Net;
using System.Text.Json;
using PartnerPortal.PartnerApi.Outbound;

namespace PartnerPortal.Web.Shell;

/// <summary>A fault that the sample partner shows at this moment.</summary>
/// <param name="Kind">What is broken.</param>
/// <param name="StartedAt">Since when.</param>
/// <param name="EndsAt">When it mends by itself.</param>
public sealed record DemoFault(string Kind, DateTimeOffset StartedAt, DateTimeOffset EndsAt);

/// <summary>Breaks and mends the music shop of the demo.</summary>
public sealed class DemoShopClient(GuardedHttpClient http, DemoOptions demo)
{
    /// <summary>How long a fault lasts when nobody mends it.</summary>
    public const string Length = "10m";

    private static readonly OutboundLimits Quick = OutboundLimits.Default with { Total = TimeSpan.FromSeconds(3), FirstByte = TimeSpan.FromSeconds(3) };

    /// <summary>What is broken now; null when the shop cannot be asked.</summary>
    public async Task<IReadOnlyList<DemoFault>?> FaultsAsync(CancellationToken cancel)
    {
        try
        {
            var body = await SendAsync(HttpMethod.Get, null, cancel);
            using var answer = JsonDocument.Parse(body);
            return answer.RootElement.GetProperty("items").Deserialize<List<DemoFault>>(JsonSerializerOptions.Web);
        }
        catch (Exception e) when (e is OutboundException or JsonException or KeyNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Starts a fault.</summary>
    /// <exception cref="OutboundException">The shop did not do it; the message is a sentence for people.</exception>
    public Task BreakAsync(string kind, CancellationToken cancel) =>
        SendAsync(HttpMethod.Post, JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["kind"] = kind, ["for"] = Length }), cancel);

    /// <summary>Ends every fault.</summary>
    /// <exception cref="OutboundException">The shop did not do it; the message is a sentence for people.</exception>
    public Task MendAsync(CancellationToken cancel) => SendAsync(HttpMethod.Delete, null, cancel);

    private async Task<byte[]> SendAsync(HttpMethod method, byte[]? body, CancellationToken cancel)
    {
        var call = new OutboundRequest(method, new Uri(demo.Address, "/faults"))
        {
            Limits = Quick,
            Body = body,
            Headers = body is null ? [] : [new("Content-Type", "application/json")],
        };
        await using var answer = await http.SendAsync(call, cancel);
        return answer.Status is HttpStatusCode.OK or HttpStatusCode.Created or HttpStatusCode.NoContent
            ? await answer.ReadBytesAsync(cancel)
            : throw new OutboundException(OutboundFailure.BadRequest, $"The sample partner answered {(int)answer.Status}.");
    }
}
