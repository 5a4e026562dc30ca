using PartnerPortal.Domain;

namespace PartnerPortal.Web.Shell;

/// <summary>A file that a request brings: as the one file of a form, or as the whole body with its name in the address.</summary>
/// <param name="Name">Its name; null when none was given.</param>
/// <param name="Bytes">Its content.</param>
public sealed record UploadedFile(string? Name, byte[] Bytes)
{
    /// <summary>Reads it, never more than <paramref name="most"/> bytes of it.</summary>
    /// <exception cref="FieldsRefused">There is none, or more than one.</exception>
    /// <exception cref="Exception">What <paramref name="tooLarge"/> makes, when it is larger.</exception>
    public static async Task<UploadedFile> ReadAsync(HttpRequest request, string? name, int most, Func<Exception> tooLarge, CancellationToken cancel)
    {
        if (request.ContentLength > most + (64 * 1024L))
        {
            throw tooLarge();
        }

        if (!request.HasFormContentType)
        {
            return new(name, await ReadAsync(request.Body, most, tooLarge, cancel));
        }

        IFormCollection form;
        try
        {
            form = await request.ReadFormAsync(new() { MultipartBodyLengthLimit = most + (64 * 1024L), ValueCountLimit = 20 }, cancel);
        }
        catch (InvalidDataException)
        {
            throw tooLarge();
        }

        if (form.Files is not [var file])
        {
            throw new FieldsRefused("file", form.Files.Count == 0 ? "There is no file in the form. Choose one." : "These are several files. Send them one by one.");
        }

        await using var stream = file.OpenReadStream();
        return new(name ?? file.FileName, await ReadAsync(stream, most, tooLarge, cancel));
    }

    /// <summary>All bytes of a stream.</summary>
    public static async Task<byte[]> ReadAsync(Stream stream, int most, Func<Exception> tooLarge, CancellationToken cancel, Action<long>? read = null)
    {
        using var buffer = new MemoryStream();
        var piece = new byte[64 * 1024];
        for (int count; (count = await stream.ReadAsync(piece, cancel)) > 0;)
        {
            if (buffer.Length + count > most)
            {
                throw tooLarge();
            }

            buffer.Write(piece, 0, count);
            read?.Invoke(buffer.Length);
        }

        return buffer.ToArray();
    }
}
