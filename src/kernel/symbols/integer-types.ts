/** The integer types of C and of include/linux/types.h on x86-64. */

/** Bits of an integer type, and whether it is unsigned. */
export interface Width {
  bits: number;
  unsigned?: true;
}

const table: [bits: number, unsigned: boolean, names: string][] = [
  [8, false, "char,s8,__s8,int8_t"],
  [8, true, "unsigned char,u8,__u8,uint8_t"],
  [16, false, "short,short int,s16,__s16,int16_t"],
  [16, true, "unsigned short,unsigned short int,u16,__u16,uint16_t"],
  [32, true, "unsigned,unsigned int,uint,u32,__u32,uint32_t"],
  [64, false, "long,long int,long long,s64,__s64,int64_t,ssize_t"],
  [64, true, "unsigned long,unsigned long int,unsigned long long,ulong,u64,__u64,uint64_t,size_t,uintptr_t"],
];

/** Width and sign by name, without `signed`; int isn't among them, for it is what a number is by default. */
export const integers: ReadonlyMap<string, Width> = new Map(
  table.flatMap(([bits, unsigned, names]) =>
    names.split(",").map((name): [string, Width] => [name, unsigned ? { bits, unsigned } : { bits }]),
  ),
);
