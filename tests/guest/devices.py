# SPDX-License-Identifier: BSD-3-Clause
"""The sets of NVMe devices of test guests, as data. Each set is a list of controllers; a controller
has namespaces, numbered from 1 in this order unless they have an nsid. Properties of a controller
that start with 'fdp' belong to its subsystem; 'subsys' is the number of another controller whose
subsystem it joins. Media are sparse files (of 'bytes', if given) that exist as long as the guest.
Property names are those of `qemu-system-x86_64 -device nvme,help`."""

import os

MIB = 1 << 20

NVM_512 = {'logical_block_size': 512, 'physical_block_size': 512, 'mssrl': 128, 'mcl': 512,
           'msrc': 15}
NVM_4096 = {'logical_block_size': 4096, 'physical_block_size': 4096, 'mssrl': 128, 'mcl': 512,
            'msrc': 15}


def pi(kind, lba=512, ms=8, extended=0, first=0):
    """A namespace with protection information of type `kind`"""
    return {'logical_block_size': lba, 'physical_block_size': lba, 'ms': ms, 'mset': extended,
            'pi': kind, 'pil': first}


def zns(**more):
    """A zoned namespace, by default of 4 MiB zones with a capacity of 3 MiB"""
    shape = {'logical_block_size': 4096, 'physical_block_size': 4096, 'zoned': 'on',
             'zoned.zone_size': '4M', 'zoned.zone_capacity': '3M', 'zoned.max_open': 8,
             'zoned.max_active': 10, 'zoned.descr_ext_size': 64}
    shape.update(more)
    return shape


# set -> list of (controller properties, [namespace properties])
SETS = {
    'none': [],
    'nvm': [({'mdts': 7}, [NVM_512, NVM_4096])],
    'pi': [({'mdts': 7}, [pi(1), pi(2), pi(3), pi(1, 4096, 64, 1, 1), pi(2, 4096, 64, 1, 0),
                          {'logical_block_size': 512, 'ms': 16, 'mset': 0},
                          pi(3, 4096, 64, 1, 0), pi(1, 4096, 64, 0, 1)])],
    # the third has LBAs of more than 32 bits
    'zns': [({'mdts': 7, 'zoned.zasl': 5},
             [zns(), zns(**{'zoned.zone_capacity': '4M'}),
              zns(**{'logical_block_size': 512, 'physical_block_size': 512, 'bytes': 6 << 40,
                     'zoned.zone_size': '1T', 'zoned.zone_capacity': '1T'})])],
    # need a newer QEMU than Debian 12's: random write areas, flexible data placement
    'newer': [({'mdts': 7, 'zoned.zasl': 5},
               [zns(**{'zoned.zrwas': '64K', 'zoned.zrwafg': '16K', 'zoned.numzrwa': 4})]),
              ({'mdts': 7, 'fdp': 'on', 'fdp.runs': '1M', 'fdp.nrg': 1, 'fdp.nruh': 4},
               [dict(NVM_512, **{'fdp.ruhs': '0-3'})])],
    'all': [({'mdts': 7, 'zoned.zasl': 5}, [NVM_512, NVM_4096, pi(1), pi(2, 4096, 64, 1, 1), zns()]),
            ({'mdts': 5}, [NVM_512])],
    # one controller for each path, since the test removes it
    'faults': [({'mdts': 7}, [NVM_512])] * 6,
    # two paths to namespace 1, one to 2 and 3; 3 is not attached
    'multipath': [({'mdts': 7}, [dict(NVM_512, shared='on')]),
                  ({'mdts': 4, 'subsys': 0}, [dict(NVM_512, nsid=2, shared='off'),
                                              dict(NVM_512, nsid=3, shared='on', detached='on')])],
}

NAMESPACE_BYTES = 64 * MIB


def properties(kind, values):
    return ','.join([kind] + [f'{key}={value}' for key, value in values.items()])


def arguments(name, folder):
    """QEMU's arguments for device set `name`, with its media in `folder`. Each controller is behind
    its own root port, so that it can be unplugged: device ids are ctrlr0, ctrlr1, ..."""
    args = []
    for number, (ctrlr, namespaces) in enumerate(SETS[name]):
        subsys = ctrlr.get('subsys', number)
        values = {'id': f'ctrlr{number}', 'serial': f'GUEST{subsys}', 'bus': f'port{number}',
                  'max_ioqpairs': 16}
        values.update((key, ctrlr[key]) for key in ctrlr if not key.startswith('fdp'))
        values['subsys'] = f'subsys{subsys}'
        subsystem = {'id': f'subsys{number}', 'nqn': f'subsys{number}'}
        subsystem.update((key, ctrlr[key]) for key in ctrlr if key.startswith('fdp'))
        args += ['-device', f'pcie-root-port,id=port{number},chassis={number + 1}']
        if subsys == number:
            args += ['-device', properties('nvme-subsys', subsystem)]
        args += ['-device', properties('nvme', values)]
        for nsid, namespace in enumerate(namespaces, 1):
            media = f'media{number}-{nsid}'
            path = os.path.join(folder, media)
            values = {'drive': media, 'bus': f'ctrlr{number}', 'nsid': nsid}
            values.update(namespace)
            with open(path, 'wb') as image:
                image.truncate(values.pop('bytes', NAMESPACE_BYTES))
            args += ['-drive', f'id={media},file={path},if=none,format=raw,cache=unsafe',
                     '-device', properties('nvme-ns', values)]
    return args
