using System.IO.Compression;

namespace PartnerPortal.PartnerApi.Outbound;

/// <summary>The body of an answer: unpacked, counted, and cut off at the limits of the call. Only asynchronous reads.</summary>
internal sealed class BoundedBody(Stream unpacked, CountedStream wire, OutboundLimits limits, FailureSentences failures, CancellationToken deadline) : Stream
{
    private long _read;

    /// <summary>Wraps the body of an answer.</summary>
    public static BoundedBody Over(Stream body, string? encoding, OutboundLimits limits, FailureSentences failures, CancellationToken deadline)
    {
        // A packed body that unpacks to nothing (empty blocks without end) is caught by its size on the wire.
        var wire = new CountedStream(body, limits.MaxBytes + (64 * 1024), failures.TooLarge);
        return new BoundedBody(Unpack(wire, encoding, failures), wire, limits, failures, deadline);
    }

    /// <summary>Puts the unpacking stream that the answer asks for on top of the connection.</summary>
    private static Stream Unpack(Stream wire, string? encoding, FailureSentences failures) => encoding?.Trim().ToLowerInvariant() switch
    {
        null or "" or "identity" => wire,
        "gzip" or "x-gzip" => new GZipStream(wire, CompressionMode.Decompress),
        "br" => new BrotliStream(wire, CompressionMode.Decompress),
        _ => throw failures.UnknownEncoding(),
    };

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var both = cancellationToken.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(deadline, cancellationToken) : null;
        int count;
        try
        {
            count = await unpacked.ReadAsync(buffer, both?.Token ?? deadline);
        }
        catch (Exception cause) when (cause is not OutboundException)
        {
            throw failures.OfBody(cause, wire.Count, cancellationToken) ?? cause;
        }

        _read += count;
        return _read > limits.MaxBytes ? throw failures.TooLarge() : count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => _read; set => throw new NotSupportedException(); }
    public override void Flush() { }
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read a partner's body asynchronously: it comes as slowly as the partner likes.");
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            unpacked.Dispose();
        }

        base.Dispose(disposing);
    }
}
